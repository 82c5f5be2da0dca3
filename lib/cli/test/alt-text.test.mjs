import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { buildFolder, venvPython } from "../setup/places.mjs";

const require = createRequire(import.meta.url);
const { figureBundle } = require(path.join(buildFolder, "display", "figures", "show-figure.js"));
const { imagesBundle } = require(path.join(buildFolder, "display", "pictures", "show-images.js"));

const figure = {
  data: [
    {
      type: "heatmap",
      z: [
        [0.5, 1.25],
        [2, 3],
      ],
    },
  ],
  layout: {
    title: { text: "Four numbers" },
    xaxis: { title: { text: "column" } },
    yaxis: { title: { text: "row" } },
  },
  alt: 'Four numbers from "0.5" to 3 & no more',
};
const picture = { width: 4, height: 4, channels: 3, data: new Uint8Array(48).fill(99) };
const plotly = "application/vnd.plotly.v1+json";

describe("the alt text of figures and pictures", () => {
  it("is in the HTML that nbconvert makes of a notebook, and nothing else is said of the image", async () => {
    const outputs = await Promise.all([
      figureBundle(figure),
      imagesBundle([{ image: picture }], { alt: "A grey square" }),
    ]);
    const notebook = {
      cells: outputs.map((data, index) => ({
        cell_type: "code",
        id: `cell-${index}`,
        metadata: {},
        execution_count: 1,
        source: "show();",
        outputs: [{ output_type: "display_data", data, metadata: {} }],
      })),
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    };
    const folder = mkdtempSync(path.join(tmpdir(), "alt-text-"));
    try {
      const file = path.join(folder, "small.ipynb");
      writeFileSync(file, JSON.stringify(notebook));
      const done = spawnSync(venvPython, ["-m", "nbconvert", "--to", "html", file], { encoding: "utf8" });
      assert.equal(done.status, 0, done.stderr);
      const page = readFileSync(path.join(folder, "small.html"), "utf8");
      const images = page.match(/<img [^>]*>/g) ?? [];
      assert.deepEqual(
        images.map((image) => image.match(/alt=(["'])(.*?)\1/)?.[2]),
        // nbconvert writes a value that holds double quotes between single ones.
        ['Four numbers from "0.5" to 3 &amp; no more', "A grey square"],
      );
      for (const image of images) assert.match(image, /src="data:image\/(png|jpeg);base64,/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is text of the interactive figure, whose numbers are as they were", async () => {
    const bundle = await figureBundle(figure);
    const { data, layout } = bundle[plotly];
    assert.equal(layout.annotations.at(-1).text, figure.alt);
    const { dtype, bdata, shape } = data[0].z;
    assert.deepEqual([dtype, shape], ["f4", "2, 2"]);
    const bytes = Buffer.from(bdata, "base64");
    assert.deepEqual(
      [0, 4, 8, 12].map((at) => bytes.readFloatLE(at)),
      [0.5, 1.25, 2, 3],
    );
    assert.deepEqual(Object.keys(bundle), [plotly, "text/html", "text/plain"]);
  });
});
