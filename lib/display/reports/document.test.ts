import assert from "node:assert/strict";
import { test } from "node:test";
import { type Block, toHtml, toMarkdown } from "./document";

interface Element {
  textContent: string;
  getAttribute(name: string): string;
}
const { JSDOM } = require("jsdom") as {
  JSDOM: new (
    html: string,
  ) => {
    window: {
      document: {
        title: string;
        querySelector(name: string): Element;
        querySelectorAll(name: string): Element[];
      };
    };
  };
};

const blocks: Block[] = [
  { kind: "heading", level: 1, text: "cats & dogs" },
  { kind: "text", text: "a_b* <script>alert(1)</script>" },
  { kind: "list", items: ["one", "two | three"] },
  { kind: "table", header: ["class", "right"], rows: [["cat|dog", "1"]] },
  { kind: "picture", file: "a map.png", alt: 'say "cat"', type: "image/png", bytes: Buffer.from("x") },
];

test("names of folders and classes are text in both forms, whatever stands in them", () => {
  const { document } = new JSDOM(toHtml("a <title>", blocks)).window;
  assert.equal(document.title, "a <title>");
  assert.equal(document.querySelectorAll("script").length, 0);
  assert.equal(document.querySelector("p").textContent, "a_b* <script>alert(1)</script>");
  assert.equal(document.querySelector("td").textContent, "cat|dog");
  assert.equal(document.querySelector("img").getAttribute("alt"), 'say "cat"');
  assert.match(document.querySelector("img").getAttribute("src"), /^data:image\/png;base64,/);
  const markdown = toMarkdown(blocks);
  assert.match(markdown, /^# cats & dogs$/m);
  assert.match(markdown, /a\\_b\\\* \\<script/);
  assert.match(markdown, /\| cat\\\|dog \| 1 \|/);
  assert.match(markdown, /\(a%20map\.png\)/);
});
