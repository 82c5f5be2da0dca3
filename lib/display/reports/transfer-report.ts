import * as path from "node:path";
import { writeAtomically } from "../../node/files";
import type { PhotographTransfer } from "../../node/own-photographs/transfer";
import { readPhotograph } from "../../node/photograph";
import { confusionFigure } from "../figures/confusion-figure";
import { figureToPng } from "../figures/static-figure";
import { chooseCases } from "../pictures/choose-cases";
import { contactSheet, type ScoredCase } from "../pictures/contact-sheet";
import { imageGrid } from "../pictures/image-grid";
import { type Block, type Picture, toHtml, toMarkdown } from "./document";
import { answerBlocks, classBlocks, linesBlocks, summaryBlocks } from "./transfer-text";

/**
 * Writes what came of a transfer as `report.md` and `report.html`, with a confusion matrix and a sheet of maps beside them.
 * The page in HTML needs no other file.
 * @param name what the report calls the photographs, such as their folder
 * @throws UserError when a file can't be written, or a photograph is no longer there
 */
export async function writeTransferReport(
  result: PhotographTransfer,
  folder: string,
  name: string,
): Promise<void> {
  const confusion = await confusionPicture(result);
  const maps = result.chosen.hasMaps ? await mapsPicture(result) : undefined;
  const blocks: Block[] = [
    ...summaryBlocks(result, name),
    ...linesBlocks(result),
    ...classBlocks(result),
    confusion,
    ...(maps
      ? [
          { kind: "heading", level: 2, text: "Where it looked" } as const,
          {
            kind: "text",
            text:
              "Photographs as the network saw them, and beside each how much every position counted. The rows are chosen by rule, by the " +
              "probability that the model gave to the photograph's own class. A map shows what was weighted, not why the answer was given.",
          } as const,
          maps,
        ]
      : []),
    ...answerBlocks(result),
  ];
  for (const { file, bytes } of [confusion, ...(maps ? [maps] : [])])
    await writeAtomically(path.join(folder, file), bytes);
  await writeAtomically(path.join(folder, "report.md"), toMarkdown(blocks));
  await writeAtomically(path.join(folder, "report.html"), toHtml(`Transfer to ${name}`, blocks));
}

async function confusionPicture({ chosen, tested, prepared }: PhotographTransfer): Promise<Picture> {
  const { classes } = prepared.set;
  const counts = classes.map(() => classes.map(() => 0));
  tested.forEach(({ label }, i) => {
    counts[label]![chosen.given[i]!]! += 1;
  });
  const wrong = classes.flatMap((truth, row) =>
    classes.flatMap((given, column) =>
      row === column || counts[row]![column] === 0
        ? []
        : [{ text: `${truth} for ${given}`, count: counts[row]![column]! }],
    ),
  );
  wrong.sort((one, other) => other.count - one.count);
  const right = tested.filter(({ label }, i) => label === chosen.given[i]).length;
  const alt =
    `Confusion matrix of ${chosen.line.name} on ${tested.length} test photographs: ${right} are right` +
    (wrong.length === 0
      ? "."
      : `; mistaken most often: ${wrong
          .slice(0, 3)
          .map(({ text, count }) => `${text} (${count})`)
          .join(", ")}.`);
  const figure = await confusionFigure({
    title: `What is taken for what: ${chosen.line.name}`,
    classes,
    counts,
    alt,
  });
  return { kind: "picture", file: "confusion.png", alt, type: "image/png", bytes: await figureToPng(figure) };
}

/** Photographs in a row of the sheet. */
const perRow = 5;

async function mapsPicture({ chosen, tested, prepared }: PhotographTransfer): Promise<Picture> {
  const { set, seed } = prepared;
  const { classes } = set;
  const { probabilities, given, maps, rows, columns } = chosen;
  const scores = tested.map(({ label }, i) => probabilities[i * classes.length + label]!);
  const count = Math.min(perRow, tested.length);
  // Only what is shown is read.
  const shown = new Set(chooseCases(scores, { count, seed }).flatMap(({ indices }) => indices));
  const size = chosen.model.backbone.inputSize;
  const blank = { width: 1, height: 1, channels: 3 as const, data: new Uint8Array(3) };
  const cases: ScoredCase[] = [];
  for (const [i, { file, label }] of tested.entries()) {
    cases.push({
      image: shown.has(i) ? await readPhotograph(file, size) : blank,
      map: maps[i]!,
      rows,
      columns,
      score: scores[i]!,
      label: classes[label]!,
      prediction: classes[given[i]!]!,
    });
  }
  const sheet = await contactSheet(cases, { score: "probability of its class", seed, count });
  const bytes = await imageGrid(sheet.cells, sheet);
  return { kind: "picture", file: "maps.png", alt: sheet.alt, type: "image/png", bytes };
}
