// Profiles a step of this library in a process of its own, whose log TensorFlow may fill: `node profile.js JOB`.
import * as tf from "@tensorflow/tfjs";
import { compile } from "../../../graph/compile";
import { profileStep } from "../../../graph/profile";
import type { InputDeclaration } from "../../../graph/step";
import { startTensorFlow } from "../../../node/start-tensorflow";
import type { Job } from "../job";
import { median } from "../measure";
import { type EagerProfile, PROFILED_STEPS } from "../profile";
import { makeWorkload } from "./make-workload";

async function main(): Promise<void> {
  await startTensorFlow("native");
  const { eager, inputs } = (await makeWorkload(JSON.parse(process.argv[2]!) as Job)).step!;
  const { eager: operations } = profileStep(eager, inputs);
  const declarations = Object.entries(inputs).map(([name, { shape, dtype }]) => [name, { shape, dtype }]);
  const compiled = compile(eager as Parameters<typeof compile>[0], {
    inputs: Object.fromEntries(declarations) as Record<string, InputDeclaration>,
  });
  const time = (step: () => unknown) => {
    const start = performance.now();
    step();
    return performance.now() - start;
  };
  const repeat = (step: () => unknown, count: number) =>
    median(Array.from({ length: count }, () => time(step)));
  const eagerMilliseconds = repeat(() => tf.tidy(() => void eager(inputs)), 3);
  // Recorded twice, then run.
  const step = () => tf.dispose(compiled(inputs));
  repeat(step, 4);
  const compiledMilliseconds = repeat(step, PROFILED_STEPS);
  const profile: EagerProfile = { operations, eagerMilliseconds, compiledMilliseconds };
  process.stdout.write(JSON.stringify(profile));
}

void main();
