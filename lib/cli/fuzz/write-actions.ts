import type { ActionGenes, Genes } from "./genes";
import type { Action } from "./program";
import { type FreeSizes, shapeText, sizeIn } from "./sizes";
import { argumentText } from "./step-inputs";
import type { WorldWriter } from "./world-writer";
import type { WrittenStep } from "./write-step";

/** The sizes that calls are made with; the plainest first. */
const freeSizes = [3, 2, 1, 4, 0, 8, 5];

/** Writes the actions of a program. */
export function writeActions(world: WorldWriter, program: Genes, steps: readonly WrittenStep[]): Action[] {
  return program.actions.flatMap((genes) => {
    const step = steps[genes.step % steps.length] as WrittenStep;
    const size = (choice: number) =>
      freeSizes[(program.sizes[choice % program.sizes.length] as number) % freeSizes.length] as number;
    const sizesOf = (first: number): FreeSizes => {
      const n = size(first);
      // TensorFlow gives the convolution of an empty batch a wrong shape.
      return {
        n: steps.some(({ convolves }) => convolves) ? n || 1 : n,
        m: size(genes.m) % 5,
        k: size(genes.m + 1) % 5,
      };
    };
    return writeAction(world, genes, step, steps, sizesOf);
  });
}

function writeAction(
  world: WorldWriter,
  genes: ActionGenes,
  step: WrittenStep,
  steps: readonly WrittenStep[],
  sizesOf: (choice: number) => FreeSizes,
): Action[] {
  const sizes = sizesOf(genes.n);
  const call = () => callText(world, step, sizes, genes.k);
  const calls = (times: number) =>
    Array.from({ length: times }, (): Action => ({ text: call(), steps: [step.name] }));
  const floats = world.variables.filter(({ dtype }) => dtype === "float32");
  const variable = floats[genes.k % Math.max(1, floats.length)];
  const index = variable && world.variables.indexOf(variable);
  const closure = world.closures[genes.k % Math.max(1, world.closures.length)];
  const plain = (text: string): Action[] => [{ text, steps: [] }];
  const asked = (text: string): Action[] => [{ text, steps: [step.name] }];
  switch (genes.kind % 40) {
    case 12:
      return variable
        ? plain(`${variable.name}.assign(numbers(${shapeText(variable.shape)}, ${world.nextSeed()}))`)
        : [];
    case 13:
    case 14:
    case 15:
      return variable ? plain(`${variable.name}.assign(start${index})`) : [];
    case 16:
      return plain(reset(world));
    case 9:
    case 10:
    case 11:
      // Trials that begin anew.
      return [...plain(reset(world)), ...calls(3), ...plain(reset(world)), ...calls(2)];
    case 17: {
      const other = floats.find((each) => each !== variable && each.shape.join() === variable?.shape.join());
      return variable && other ? plain(`${variable.name}.assign(${other.name})`) : [];
    }
    case 18:
    case 19:
      return variable ? plain(`tf.add(${variable.name}, ${variable.name})`) : [];
    case 20:
      return variable ? plain(`[...${variable.name}.dataSync()]`) : [];
    case 21:
    case 22:
    case 23:
      return step.follows.length > 0
        ? asked(`gradients(() => total(${call()}), [${step.follows.join(", ")}])`)
        : calls(3);
    case 24:
    case 25:
    case 26:
    case 27:
      return step.followedInputs.length > 0
        ? asked(inputGradient(world, step, sizes, genes.k, genes.kind % 40 === 27 && step.derivesTwice))
        : calls(2);
    case 28:
    case 29: {
      const name = ["relu", "tanh", "sigmoid", "softplus"][genes.k % 4];
      const inner = `tf.grad((z) => tf.sum(tf.square(tf.${name}(z))))`;
      return plain(`tf.grad((z) => tf.sum(${inner}(z)))(numbers([3], ${world.nextSeed()}))`);
    }
    case 30:
    case 31: {
      if (step.follows.length === 0) return calls(2);
      return [1, 2].flatMap(() => asked(training(world, call(), step.follows, genes.k)));
    }
    case 32:
      return plain(`${step.name}.dispose()`);
    case 33:
      return plain(`${step.name}.sync()`);
    case 34:
    case 35:
      return closure ? changeClosure(world, closure, steps, calls) : calls(3);
    case 36:
    case 37:
      // Sizes in turn.
      return [0, 1, 0, 1, 0, 1].map((next): Action => {
        const text = callText(world, step, sizesOf(genes.n + next), genes.k);
        return { text, steps: [step.name] };
      });
    case 38: {
      // Both steps in turn.
      return steps.flatMap((each) =>
        [1, 2].map((): Action => ({ text: callText(world, each, sizes, genes.k), steps: [each.name] })),
      );
    }
    default:
      return calls([3, 1, 4, 2][genes.k % 4] as number);
  }
}

function callText(world: WorldWriter, step: WrittenStep, sizes: FreeSizes, choice: number): string {
  const given = step.inputs.map(
    (input) => `${input.name}: ${argumentText(input, sizes, world, step.pure ? choice : 0)}`,
  );
  return `${step.name}({ ${given.join(", ")} })`;
}

/** Everything is set back to the tensors of the beginning. */
function reset(world: WorldWriter): string {
  return `[${world.variables.map(({ name }, i) => `${name}.assign(start${i})`).join(", ")}].length`;
}

/** A gradient with respect to an input, or the gradient of that. */
function inputGradient(
  world: WorldWriter,
  step: WrittenStep,
  sizes: FreeSizes,
  choice: number,
  twice: boolean,
): string {
  const followed = step.followedInputs[choice % step.followedInputs.length];
  const asked = step.inputs.findIndex(({ name }) => name === followed);
  const given = step.inputs.map((input, i) =>
    i === asked
      ? `${input.name}: z`
      : `${input.name}: ${argumentText(input, sizes, world, step.pure ? choice : 0)}`,
  );
  const input = step.inputs[asked]!;
  const x = `numbers(${shapeText(input.shape.map((size) => sizeIn(size, sizes)))}, ${world.nextSeed()})`;
  const gradient = `tf.grad((z) => total(${step.name}({ ${given.join(", ")} })))`;
  return twice ? `tf.grad((y) => tf.sum(tf.sin(${gradient}(y))))(${x})` : `${gradient}(${x})`;
}

/** A compiled forward pass inside of an optimiser that is not compiled. */
function training(world: WorldWriter, call: string, variables: readonly string[], choice: number): string {
  const list = `[${variables.join(", ")}]`;
  const name = `outer${choice % 3}_${variables.join("_")}`;
  if (!world.held.includes(name)) {
    const made = [
      `new Adam(${list})`,
      `new GradientDescent(${list}, { momentum: 0.5 })`,
      "tf.train.sgd(0.05)",
    ];
    world.setup.push(`const ${name} = ${made[choice % 3]};`);
    world.held.push(name);
  }
  return `${name}.minimize(() => total(${call}), ${choice % 3 === 2 ? `true, ${list}` : "0.05"})`;
}

/** Another value for a number or a tensor of the closure, and enough calls for a check to see it. */
function changeClosure(
  world: WorldWriter,
  { name, kind }: { name: string; kind: "number" | "tensor" },
  steps: readonly WrittenStep[],
  calls: (times: number) => Action[],
): Action[] {
  const seed = world.nextSeed();
  const before = seed % 2 ? `${name}.dispose()` : `replaced.push(${name})`;
  const text =
    kind === "number"
      ? `(${name} = ${((seed % 17) + 3) / 10})`
      : `(${before}, (${name} = tf.keep(numbers([1], ${seed}))), 0)`;
  const known = steps.some(({ closures }) => closures.includes(name));
  return known ? [...calls(3), { text, steps: [], changes: name }, ...calls(3)] : calls(3);
}
