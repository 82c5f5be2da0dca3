import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../../../backbones/backbone";
import { extractTokens, type ImageSource } from "../../../transfer/extract";
import { drawn } from "./drawn";
import { timedTrainings, trainingStep } from "./training";

/** How fast one kind of work goes. */
export interface Speed {
  name: string;
  /** Images in a call; nothing where there are none. */
  images?: number;
  calls: number;
  /** Milliseconds a call, when nothing is read before the last has been made. */
  milliseconds: number;
  /** Of these, until the last call returned: JavaScript, while the device may still compute. Nothing where it waits. */
  javascript?: number;
}

interface Work {
  name: string;
  images?: number;
  /** Whether it takes gradients of convolutions, which wasm does not have. */
  trainsConvolutions?: boolean;
  /** Makes what a call takes, and gives the call: a tensor that the caller reads and frees. */
  prepare(): { call(): tf.Tensor; dispose(): void };
}

/** The longest that one kind of work is timed, in milliseconds. */
const LONGEST = 2000;
const MOST_CALLS = 100;

function works(backbone: Backbone): Work[] {
  const size = 2048;
  return [
    {
      name: `product of two matrices of ${size} × ${size}`,
      prepare: () => {
        const a = tf.randomNormal([size, size], 0, 1, "float32", 1);
        return { call: () => tf.matMul(a, a), dispose: () => a.dispose() };
      },
    },
    ...[8, 32].map((batch) => ({
      name: `forward, batch of ${batch}`,
      images: batch,
      prepare: () => {
        const x = drawn<tf.Rank.R4>("images", [batch, 224, 224, 3]);
        return { call: () => backbone.run(x, "input", "logits"), dispose: () => x.dispose() };
      },
    })),
    ...timedTrainings.flatMap((training) =>
      [true, false].map((compiled) => ({
        name: `training step${compiled ? "" : ", not compiled"}, ${training.name}, batch of ${training.batch}`,
        images: training.batch,
        trainsConvolutions: training.from !== undefined,
        prepare: () => {
          const { take, dispose } = trainingStep(backbone, training, compiled);
          return { call: take, dispose };
        },
      })),
    ),
  ];
}

/** Times everything that the backend can do. */
export async function measureSpeeds(backbone: Backbone): Promise<Speed[]> {
  const speeds: Speed[] = [];
  for (const work of works(backbone)) {
    if (work.trainsConvolutions && tf.getBackend() === "wasm") continue;
    speeds.push(await measure(work));
  }
  for (const cut of ["stage5", "head"]) speeds.push(await measureExtraction(backbone, cut));
  return speeds;
}

async function measure({ name, images, prepare }: Work): Promise<Speed> {
  const { call, dispose } = prepare();
  const read = async (result: tf.Tensor) => {
    const flat = tf.tidy(() => result.reshape([-1]).slice([0], [1]));
    await flat.data();
    tf.dispose([result, flat]);
  };
  // The first calls compile programs, or record the step; the fourth tells how many more are worth timing.
  for (let i = 0; i < 3; i++) await read(call());
  const began = performance.now();
  await read(call());
  const once = performance.now() - began;
  const calls = Math.max(1, Math.min(MOST_CALLS, Math.floor(LONGEST / once)));
  const start = performance.now();
  for (let i = 1; i < calls; i++) call().dispose();
  const last = call();
  const returned = performance.now();
  await read(last);
  const end = performance.now();
  dispose();
  return {
    name,
    ...(images && { images }),
    calls,
    milliseconds: (end - start) / calls,
    javascript: (returned - start) / calls,
  };
}

/** From pixels in memory to tokens in memory, as tables make their features; decoding files is not in it. */
async function measureExtraction(backbone: Backbone, cut: string): Promise<Speed> {
  const side = backbone.inputSize;
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 2654435761) >>> 24);
  const source = (count: number): ImageSource => ({
    count,
    digest: "drawn",
    load: async () => ({ width: side, height: side, channels: 3, data }),
  });
  const batch = 32;
  await extractTokens(backbone, cut, source(batch));
  const began = performance.now();
  await extractTokens(backbone, cut, source(batch));
  const batches = Math.max(2, Math.min(16, Math.floor(LONGEST / (performance.now() - began))));
  const start = performance.now();
  await extractTokens(backbone, cut, source(batches * batch));
  const milliseconds = (performance.now() - start) / batches;
  const name = `extraction from pixels to ${cut}, batch of ${batch}`;
  return { name, images: batch, calls: batches, milliseconds };
}
