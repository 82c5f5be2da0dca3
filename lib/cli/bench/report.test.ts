import assert from "node:assert/strict";
import { test } from "node:test";
import { checkFigure } from "../../display/figures/figure";
import { ratioFigure } from "./figure";
import { pageTable, rowsOf, withReplaced } from "./report";

const side = (name: string, milliseconds: number, megabytes?: number) => ({
  name,
  milliseconds,
  megabytes,
  versions: {},
  result: undefined,
});

const rows = rowsOf("forward-8", {
  ours: side("this library", 50, 600),
  peers: [side("PyTorch", 60, 400), side("onnxruntime", 40)],
});

test("a ratio above 1 says that this library is faster than the peer", () => {
  assert.deepEqual(
    rows.map(({ peer, ratio, peak_ratio }) => [peer, ratio, peak_ratio]),
    [
      ["PyTorch", "1.200", "1.500"],
      ["onnxruntime", "0.800", ""],
    ],
  );
});

test("a case that is timed again replaces its rows and no others", () => {
  const others = rowsOf("attention-49", { ours: side("this library", 5), peers: [side("PyTorch", 6)] });
  const again = rowsOf("forward-8", { ours: side("this library", 50), peers: [side("PyTorch", 70)] });
  assert.deepEqual(
    withReplaced([...rows, ...others], again).map(({ peer, ratio }) => [peer, ratio]),
    [
      ["PyTorch", "1.400"],
      ["onnxruntime", "0.800"],
      ["PyTorch", "1.200"],
    ],
  );
});

test("the page's table has a line a case, and says what it was measured on", () => {
  const table = pageTable(rows, [
    { what: "processor", value: "Some Processor" },
    { what: "threads", value: "2" },
  ]);
  assert.match(table, /forward, batch 8 +\| 50\.0 ms \| 60\.0 ms \| +1\.20 \| +– +\| +0\.80 \| 600 \/ 400/);
  assert.match(table, /Measured on Some Processor, threads 2\.$/);
});

test("the figure can be drawn, and its alt text states the ratios", () => {
  const figure = ratioFigure(rows);
  checkFigure(figure);
  assert.match(figure.alt, /forward, batch 8, PyTorch: 1\.20/);
});
