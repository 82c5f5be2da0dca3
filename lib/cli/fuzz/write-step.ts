import type { Genes, StepGenes } from "./genes";
import { families, imageFamily } from "./operations/families";
import type { ProgramStep } from "./program";
import { declarationText, type Input, inputValues, sizeStatements, stepInputs } from "./step-inputs";
import { StepWriter } from "./step-writer";
import type { Value } from "./value";
import type { WorldWriter } from "./world-writer";

/** A step, written, and what the writer of actions must know of it. */
export interface WrittenStep extends ProgramStep {
  inputs: Input[];
  /** Float variables that the step's result depends on. */
  follows: string[];
  /** Inputs that it depends on in a way that has a gradient. */
  followedInputs: string[];
  /** Whether it changes no variable. */
  pure: boolean;
  /** Whether a convolution is in it. */
  convolves: boolean;
  /** Whether TensorFlow.js finds its second derivatives. */
  derivesTwice: boolean;
}

/** Writes a step into the world's set-up. An earlier step may be called inside of it. */
export function writeStep(
  world: WorldWriter,
  program: Genes,
  genes: StepGenes,
  earlier: WrittenStep | undefined,
  name: string,
): WrittenStep {
  const check = [0, 0, 0, 1, 2, 3][genes.check % 6] as number;
  const withImages = program.families.some((family) => family % families.length === imageFamily);
  const nested =
    earlier !== undefined && genes.graphs % 2 === 1 && (check > 0 || earlier.closures.length === 0);
  const inputs = nested ? earlier.inputs : stepInputs(genes.inputs, withImages);
  const step = new StepWriter(world, inputValues(inputs), check > 0);
  if (nested) callEarlier(step, earlier);
  for (const { family, member, a, b, k } of genes.operations) {
    const members =
      families[(program.families[family % program.families.length] as number) % families.length];
    const write = members?.[member % members.length];
    write?.(step, step.value(a), step.value(b), k);
  }
  const { body, follows } = withTraining(step, genes);
  const isInput = (followed: string) => inputs.some((input) => input.name === followed);
  const keep = genes.graphs > 1 ? `, keep: ${genes.graphs - 1}` : "";
  const options = `{ inputs: { ${inputs.map(declarationText).join(", ")} }${check ? `, check: ${check}` : ""}${keep} }`;
  world.setup.push(
    `const ${name} = compile(({ ${inputs.map((input) => input.name).join(", ")} }) => {`,
    ...[...sizeStatements(inputs), ...body].map((line) => `  ${line}`),
    `}, ${options});`,
  );
  const pure = !body.some((line) => /assign|minimize|random/.test(line)) && (!nested || earlier.pure);
  const derivesTwice = !body.some((line) => wrongTwice.test(line)) && (!nested || earlier.derivesTwice);
  return {
    name,
    check,
    closures: [...step.closures],
    inputs,
    follows: follows.filter((each) => !isInput(each)),
    followedInputs: follows.filter(isInput),
    pure,
    convolves: body.some((line) => /conv2d|depthwise/i.test(line)) || (nested && earlier.convolves),
    derivesTwice,
  };
}

/**
 * Functions whose second derivative TensorFlow.js gets wrong or throws at, where a compiled step is right: it forgets
 * that the result which it keeps for the first derivative depends on the input, or compares without a gradient.
 */
const wrongTwice = /tanh|sigmoid|relu6|selu/;

function callEarlier(step: StepWriter, earlier: WrittenStep): void {
  step.statement(
    `const inner = total(${earlier.name}({ ${earlier.inputs.map(({ name }) => name).join(", ")} }));`,
  );
  step.define("tf.sin(inner)", [], new Set([...earlier.follows, ...earlier.followedInputs]));
  for (const closure of earlier.closures) step.closures.add(closure);
}

/** The body of the step: its operations, perhaps inside the loss of an optimiser, and what it returns. */
function withTraining(step: StepWriter, genes: StepGenes): { body: string[]; follows: string[] } {
  const kind = ["", "", "", "", "adam", "momentum", "sgd", "tfjs adam", "by hand", ""][genes.training % 10];
  const last = step.float(step.value(0));
  const output = outputText(step, genes.output, last);
  if (!kind) return { body: [...step.lines, `return ${output};`], follows: [...last.follows] };
  let loss =
    genes.training % 2
      ? `tf.mul(tf.sum(tf.square(tf.sin(${last.name}))), 0.2)`
      : `tf.mean(tf.sin(${last.name}))`;
  const follows = [...last.follows];
  let trained = follows.filter((name) => step.inputs.every((input) => input.name !== name));
  if (trained.length === 0) {
    const scale = step.world.variable([]);
    loss = `tf.mul(${loss}, ${scale.name})`;
    trained = [scale.name];
    follows.push(scale.name);
  }
  const rate = step.inputs.find(({ shape }) => shape.length === 0)?.name;
  const variables = `[${trained.join(", ")}]`;
  const lossText = [`() => {`, ...step.lines.map((line) => `  ${line}`), `  return ${loss};`, `}`];
  if (kind === "by hand") {
    const updates = trained.map(
      (name, i) => `${name}.assign(tf.sub(${name}, tf.mul(slopes[${i}], ${rate ?? 0.05})));`,
    );
    return {
      body: [
        ...around("const [loss, ...slopes] = gradients(", lossText, `, ${variables});`),
        ...updates,
        "return loss;",
      ],
      follows,
    };
  }
  const optimiser = `optimiser${step.world.held.length}`;
  const makers: Record<string, string> = {
    adam: `new Adam(${variables})`,
    momentum: `new GradientDescent(${variables}, { momentum: 0.9 })`,
    sgd: `new GradientDescent(${variables})`,
    "tfjs adam": `tf.train.${genes.output % 2 ? "adam" : "rmsprop"}(0.05)`,
  };
  step.world.setup.push(`const ${optimiser} = ${makers[kind]};`);
  step.world.held.push(optimiser);
  const tail = kind === "tfjs adam" ? `, true, ${variables});` : `, ${rate ?? 0.05});`;
  return {
    body: [...around(`const loss = ${optimiser}.minimize(`, lossText, tail), `return loss;`],
    follows,
  };
}

function around(head: string, lines: readonly string[], tail: string): string[] {
  return lines.map((line, i) => `${i === 0 ? head : ""}${line}${i === lines.length - 1 ? tail : ""}`);
}

/** What the step returns: a tensor, an array or an object, the same at every shape or not. */
function outputText(step: StepWriter, choice: number, last: Value): string {
  const other = step.value(1);
  const size = step.someSize(choice);
  const forms = [
    last.name,
    `[${last.name}, ${other.name}]`,
    `{ one: ${last.name}, two: ${other.name} }`,
    `tf.mul(tf.sum(${last.name}), 0.3)`,
    `${size} > 2 ? { one: ${last.name}, two: ${other.name} } : { one: ${last.name} }`,
    `Object.fromEntries(tf.unstack(tf.reshape(${last.name}, [-1])).map((each, i) => [\`row\${i}\`, each]))`,
    `tf.unstack(tf.fill([${size}], 2)).map((each) => tf.mul(tf.sum(${last.name}), each))`,
    `[${last.name}, ${step.inputs[0]!.name}]`,
    `[${last.name}, ${step.world.variables.at(-1)?.name ?? last.name}]`,
    `${size} % 2 ? [${last.name}] : { last: ${last.name} }`,
  ];
  return forms[choice % forms.length] as string;
}
