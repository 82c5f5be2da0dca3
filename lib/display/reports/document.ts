import { escapeHtml } from "../cells/html";

/** A picture of a document: in Markdown a file beside it, in HTML part of the page. */
export interface Picture {
  kind: "picture";
  /** Where it lies, relative to the document. */
  file: string;
  alt: string;
  type: "image/png" | "image/svg+xml";
  bytes: Buffer;
}

/** What a document is made of, in order. Texts are plain: nothing in them is taken for markup. */
export type Block =
  | { kind: "heading"; level: 1 | 2 | 3; text: string }
  | { kind: "text"; text: string }
  | { kind: "list"; items: readonly string[] }
  | { kind: "table"; header: readonly string[]; rows: readonly (readonly string[])[] }
  | Picture;

/** The document as Markdown. */
export function toMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(blockToMarkdown).join("\n\n")}\n`;
}

function blockToMarkdown(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level)} ${escapeMarkdown(block.text)}`;
    case "text":
      return escapeMarkdown(block.text);
    case "list":
      return block.items.map((item) => `- ${escapeMarkdown(item)}`).join("\n");
    case "table":
      return [block.header, block.header.map((_, i) => (i === 0 ? ":--" : "--:")), ...block.rows]
        .map((row, i) => `| ${row.map((cell) => (i === 1 ? cell : escapeMarkdown(cell))).join(" | ")} |`)
        .join("\n");
    case "picture":
      return `![${escapeMarkdown(block.alt)}](${encodeURI(block.file)})`;
  }
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, "\\$&").replaceAll("\n", " ");
}

const style = `body{font:16px/1.5 system-ui,sans-serif;color:#222;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem}h2{font-size:1.25rem;margin-top:2.2rem}table{border-collapse:collapse;margin:1rem 0}
td,th{padding:.25rem .7rem;border-bottom:1px solid #ddd;text-align:right}td:first-child,th:first-child{text-align:left}
img{max-width:100%;height:auto}`;

/** The document as one page of HTML that needs no other file. */
export function toHtml(title: string, blocks: readonly Block[]): string {
  return [
    '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>\n<style>\n${style}\n</style>`,
    ...blocks.map(blockToHtml),
    "</html>\n",
  ].join("\n");
}

function blockToHtml(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<h${block.level}>${escapeHtml(block.text)}</h${block.level}>`;
    case "text":
      return `<p>${escapeHtml(block.text)}</p>`;
    case "list":
      return `<ul>\n${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join("\n")}\n</ul>`;
    case "table": {
      const row = (cells: readonly string[], tag: string) =>
        `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
      return `<table>\n${row(block.header, "th")}\n${block.rows.map((cells) => row(cells, "td")).join("\n")}\n</table>`;
    }
    case "picture":
      return `<img alt="${escapeHtml(block.alt)}" src="data:${block.type};base64,${block.bytes.toString("base64")}">`;
  }
}
