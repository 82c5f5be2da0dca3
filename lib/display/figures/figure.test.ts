import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { UserError } from "../../runtime/user-error";
import { drawableTraces, type Figure } from "./figure";
import { figureJson } from "./figure-json";
import { showFigure } from "./show-figure";
import { figureToPng, figureToSvg } from "./static-figure";

const axes = { xaxis: { title: { text: "epoch" } }, yaxis: { title: { text: "accuracy" } } };

function figure(data: Figure["data"], layout: Figure["layout"] = {}): Figure {
  return { data, layout: { title: { text: "A figure" }, ...axes, ...layout }, alt: "What it shows." };
}

const values = [1, 3, 2, 5, 4, 6, 2.5, 3.5];
const square = [
  [0, 1, 2],
  [1, 2, 3],
  [2, 3, 5],
];
const examples: Record<(typeof drawableTraces)[number], Figure["data"]> = {
  scatter: [{ type: "scatter", mode: "lines+markers", x: [1, 2, 3], y: [4, 8, 6] }],
  bar: [{ type: "bar", x: ["probe", "fine-tuned"], y: [0.5, 0.8] }],
  heatmap: [{ type: "heatmap", z: square }],
  contour: [{ type: "contour", z: square, contours: { showlabels: true } }],
  histogram: [{ type: "histogram", x: values }],
  box: [{ type: "box", name: "mean", y: values }],
  violin: [{ type: "violin", name: "mean", y: values, meanline: { visible: true }, box: { visible: true } }],
};

/** Share of pixels whose channels differ by more than 40: coloured, neither white nor grey nor ink. */
async function colouredShare(png: Buffer): Promise<number> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let coloured = 0;
  for (let at = 0; at < data.length; at += 3) {
    const pixel = [data[at]!, data[at + 1]!, data[at + 2]!];
    if (Math.max(...pixel) - Math.min(...pixel) > 40) coloured++;
  }
  return coloured / (info.width * info.height);
}

for (const type of drawableTraces) {
  test(`${type}: a picture of twice the size with its data in colour, equal when drawn again`, async () => {
    const example = figure(examples[type], { width: 400, height: 300 });
    const png = await figureToPng(example);
    const { width, height, format } = await sharp(png).metadata();
    assert.deepEqual({ width, height, format }, { width: 800, height: 600, format: "png" });
    assert.ok((await colouredShare(png)) > 0.002);
    const empty = await figureToPng(
      figure([{ type: "scatter", x: [1, 2], y: [null, null] }], { width: 400, height: 300 }),
    );
    assert.equal(await colouredShare(empty), 0);
    assert.ok(png.equals(await figureToPng(example)));
  });
}

test("all text is drawn as outlines, so that no font is needed", async () => {
  const svg = await figureToSvg(
    figure(examples.scatter, { title: { text: "Weights α<sub>i</sub> of <b>hens</b>" } }),
  );
  assert.ok(!svg.includes("<text"));
  for (const label of ["Weights αi of hens", "epoch", "accuracy", "2"]) {
    assert.ok(svg.includes(`aria-label="${label}"`), label);
  }
  assert.equal(
    svg,
    await figureToSvg(figure(examples.scatter, { title: { text: "Weights α<sub>i</sub> of <b>hens</b>" } })),
  );
});

test("figures drawn at the same time do not mix", async () => {
  const names = ["first", "second", "third"];
  const svgs = await Promise.all(names.map((text) => figureToSvg(figure(examples.bar, { title: { text } }))));
  svgs.forEach((svg, index) => {
    for (const name of names) assert.equal(svg.includes(`aria-label="${name}"`), name === names[index]);
  });
});

/** How many bands of ink lie one below the other, with blank rows between them. */
async function bandsOfInk(png: Buffer): Promise<number> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const inked = Array.from({ length: info.height }, (_, row) =>
    data.subarray(row * info.width * 3, (row + 1) * info.width * 3).some((value: number) => value < 200),
  );
  return inked.filter((ink, row) => ink && !inked[row - 1]).length;
}

test("a slider is drawn with its first state, below the title of the axis and not across it", async () => {
  const slider = (pad?: object) =>
    figure(examples.bar, {
      sliders: [
        {
          active: 1,
          currentvalue: { prefix: "temperature " },
          ...(pad ? { pad } : {}),
          steps: ["0.5", "1"].map((label) => ({ label, method: "restyle", args: [{ y: [[1, 2]] }] })),
        },
      ],
    });
  const svg = await figureToSvg(slider());
  for (const label of ["temperature 1", "0.5"]) assert.ok(svg.includes(`aria-label="${label}"`), label);
  const plain = await bandsOfInk(await figureToPng(figure(examples.bar)));
  // Its value, its rail, its ticks and their labels.
  assert.equal(await bandsOfInk(await figureToPng(slider())), plain + 4);
  assert.ok((await bandsOfInk(await figureToPng(slider({ t: 0 })))) < plain + 4);
});

test("long labels widen the margin until they do not overlap the plot", async () => {
  const long = "a class with a remarkably long name";
  const svg = await figureToSvg(figure([{ type: "bar", orientation: "h", x: [1, 2], y: [long, "short"] }]));
  const plot = /<clipPath[^>]*class="axesclip"[^>]*><rect x="([\d.]+)"/.exec(svg);
  assert.ok(Number(plot?.[1]) > 200, plot?.[1]);
});

test("a long title is broken into lines and the plot moves down", async () => {
  const layoutOf = async (text: string) =>
    JSON.parse(await figureJson(figure(examples.bar, { title: { text } }))).layout as {
      title: { text: string };
      margin: { t: number };
    };
  const short = await layoutOf("Accuracy");
  const long = await layoutOf(
    "Accuracy of an attention probe on frozen features against mean pooling, over all of the seeds",
  );
  assert.equal(short.title.text, "Accuracy");
  assert.equal(long.title.text.split("<br>").length, 2);
  assert.ok(long.margin.t > short.margin.t + 15);
});

test("typed arrays become plain numbers with the digits they hold", async () => {
  const json = await figureJson(
    figure([{ type: "scatter", x: new Float32Array([0.1, 1 / 3]), y: new Int32Array([1, 2]) }]),
  );
  const [trace] = (JSON.parse(json) as { data: { x: number[]; y: number[] }[] }).data;
  assert.deepEqual(trace, { type: "scatter", x: [0.1, 0.3333333], y: [1, 2] });
});

test("a picture inside a figure is drawn where it lies, from its data URI", async () => {
  const red = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#d01010" } })
    .jpeg()
    .toBuffer();
  const source = `data:image/jpeg;base64,${red.toString("base64")}`;
  const place = {
    xref: "paper",
    yref: "paper",
    x: 0,
    y: 1,
    sizex: 0.5,
    sizey: 1,
    sizing: "stretch",
  } as const;
  const layout = { width: 400, height: 300, images: [{ source, ...place }] } as Figure["layout"];
  const points: Figure["data"] = [{ type: "scatter", x: [1, 2], y: [null, null] }];
  const share = await colouredShare(await figureToPng(figure(points, layout), 1));
  const half = (0.5 * (400 - 64 - 24) * (300 - 58 - 56)) / (400 * 300);
  assert.ok(Math.abs(share - half) < 0.01, `${share} of ${half}`);
});

test("frames go with the figure", async () => {
  const frames = [{ name: "2", data: [{ y: [1, 2] }] }] as Figure["frames"];
  assert.deepEqual(JSON.parse(await figureJson({ ...figure(examples.bar), frames })).frames, frames);
  assert.ok(!("frames" in JSON.parse(await figureJson(figure(examples.bar)))));
});

test("what would be an unreadable figure is refused, with the remedy", async () => {
  const refused: [Figure, RegExp][] = [
    [{ data: examples.bar, layout: axes, alt: "x" }, /layout\.title\.text/],
    [{ data: examples.bar, layout: { ...axes, title: { text: "T" } }, alt: " " }, /"T" has no alt text/],
    [
      { data: examples.bar, layout: { title: { text: "T" }, xaxis: axes.xaxis }, alt: "x" },
      /layout\.yaxis\.title/,
    ],
    [figure([{ ...examples.scatter[0], xaxis: "x2" } as Figure["data"][number]]), /layout\.xaxis2\.title/],
    [
      figure([{ type: "image", z: [[[0, 0, 0]]] } as unknown as Figure["data"][number]]),
      /"image".*showImages/,
    ],
    [figure([{ type: "surface", z: square } as Figure["data"][number]]), /"surface".*scatter, bar/],
    [figure([]), /no traces/],
    [
      figure(examples.bar, { images: [{ source: "https://example.org/koala.jpg" }] } as Figure["layout"]),
      /no data URI.*showImages/,
    ],
  ];
  for (const [wrong, message] of refused) {
    await assert.rejects(
      async () => figureToSvg(wrong),
      (error) => error instanceof UserError && message.test(error.message),
    );
  }
});

test("numbers that are none, and lists that do not belong together, are refused with their place", async () => {
  type Traces = Figure["data"];
  const heat = (trace: object) => [{ type: "heatmap", z: square, ...trace }] as Traces;
  const refused: [Figure, RegExp][] = [
    [
      figure([{ x: [1, 2], y: [1, Number.NaN], name: "probe" }]),
      /trace 1 \("probe"\): in y, value 2 is NaN.*null/,
    ],
    [figure([{ x: [1, 2], y: new Float32Array([1, 1 / 0]) }]), /in y, value 2 is Infinity/],
    [
      figure(
        heat({
          z: [
            [1, 2],
            [3, Number.NaN],
          ],
        }),
      ),
      /in z, value 2 of row 2 is NaN/,
    ],
    [
      figure([{ type: "bar", x: ["a", "b"], y: [1, 2], error_y: { type: "data", array: [1, Number.NaN] } }]),
      /error_y\.array/,
    ],
    [figure([{ x: [1, 2, 3], y: [1, 2] }]), /3 values of x and 2 of y/],
    [figure(heat({ z: [[1, 2], [3]] })), /rows of 2 and 1 numbers/],
    [figure(heat({ x: [1, 2], y: [1, 2, 3] })), /2 x and 3 y for a z of 3 rows and 3 columns/],
    [figure([{ x: [], y: [] }]), /no values/],
    [figure(examples.bar, { width: 0 }), /layout\.width 0/],
    [
      {
        ...figure(examples.bar),
        frames: [{ name: "7", data: [{ y: [Number.NaN] }] }] as Figure["frames"],
      } as Figure,
      /frame 7: in y, value 1 is NaN/,
    ],
  ];
  for (const [wrong, message] of refused) {
    await assert.rejects(
      async () => figureToSvg(wrong),
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    );
  }
  await assert.rejects(figureToPng(figure(examples.bar), 3 as 2), /pixel ratio is 3/);
});

test("outside a notebook showFigure says so", async () => {
  await assert.rejects(
    showFigure(figure(examples.bar)),
    (error) => error instanceof UserError && /tslab/.test(error.message),
  );
});
