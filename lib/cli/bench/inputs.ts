import * as fs from "node:fs";
import * as path from "node:path";
import { randomStream } from "../../runtime/random";
import { encodeSafetensors } from "../../weights/safetensors";
import type { Work } from "./cases";
import type { Job } from "./job";

/** Where all sides of a case read their tensors. */
export function inputsFile({ folder }: Pick<Job, "folder">): string {
  return path.join(folder, "inputs.safetensors");
}

/** Writes the random inputs of a case, and the initial weights of its head, for all sides to read. */
export function writeInputs(job: Job): void {
  const { work } = job;
  const stream = randomStream(job.seed, `bench/${work.kind}`);
  const tensors = Object.entries(shapesOf(work, job)).map(([name, { shape, largest }]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const data = Float32Array.from({ length: size }, () => (2 * stream.uniform() - 1) * largest);
    return [name, { shape, data }];
  });
  fs.writeFileSync(inputsFile(job), encodeSafetensors(Object.fromEntries(tensors)));
}

/** Shapes by name, and how large their numbers are at most. */
function shapesOf(work: Work, job: Job): Record<string, { shape: number[]; largest: number }> {
  switch (work.kind) {
    case "matmul": {
      const matrix = { shape: [work.size, work.size], largest: 1 };
      return { a: matrix, b: matrix };
    }
    case "forward":
      return { images: { shape: [work.batch, 224, 224, 3], largest: 1 } };
    case "step": {
      const grids = { shape: [work.batch, work.rows, work.columns, work.channelsIn], largest: 1 };
      const head = headShapes(work, job).map((shape, i) => [`head_${i}`, { shape, largest: 0.1 }]);
      return { grids, ...Object.fromEntries(head) };
    }
    default:
      return {};
  }
}

/** Key projection, query projection, score vector and query where there is attention; kernel and bias. */
function headShapes(
  { pooling, channels }: Extract<Work, { kind: "step" }>,
  { attentionUnits: units, classes }: Job,
): number[][] {
  const classifier = [[channels, classes], [classes]];
  if (pooling !== "attention") return classifier;
  return [[channels, units], [units, units], [units, 1], [1, units], ...classifier];
}
