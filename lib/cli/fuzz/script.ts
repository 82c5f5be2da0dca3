import { outside, type Program, prelude } from "./program";
import type { Finding } from "./search";

/**
 * A finding as code that runs on its own, as a `.cjs` or `.ts` file in a checkout: the program, once with `compile`
 * and once without it, and what every action gives.
 */
export function scriptOf({ number, program, action, what }: Finding, seed: number): string {
  const names = outside.filter((name) => name !== "tf");
  return `// @ts-nocheck
// Program ${number} of seed ${seed}, made small: action ${action} is another with compile than without it.
// ${what}
const tf = require("@tensorflow/tfjs");
const { ${names.join(", ")}, startTensorFlow } = require("attention-transfer");

${prelude}

function world(compile) {
${indented(programText(program))}
}

// The same code without compile.
const eagerly = (step) =>
  Object.assign(
    (given) => step(Object.fromEntries(Object.entries(given).map(([name, x]) => [name, typeof x === "number" ? tf.scalar(x) : x]))),
    { sync() {}, dispose() {}, graphs: 0 },
  );
const show = (value) => {
  if (value instanceof tf.Tensor) return \`\${value.dtype} [\${value.shape}] \${[...value.dataSync()].join(" ")}\`;
  return Object(value) === value ? Object.entries(value).map(([name, each]) => \`\${name}: \${show(each)}\`).join("; ") : String(value);
};

startTensorFlow().then(() => {
  const worlds = [["compiled", world(compile)], ["eager   ", world(eagerly)]];
  for (const i of worlds[0][1].actions.keys())
    for (const [name, { actions, variables }] of worlds) {
      let result;
      try {
        result = show(actions[i]());
      } catch (error) {
        result = \`throws \${error.message}\`;
      }
      console.log(\`action \${i} \${name} \${result}\`);
      ${program.quiet ? "// Variables are not looked at in between: that could hide the difference.\n      if (i < actions.length - 1) continue;\n      " : ""}console.log(\`         \${name} variables \${show(variables())}\`);
    }
});
`;
}

function programText({ setup, actions }: Program): string {
  const variables = setup.flatMap((line) => line.match(/^const (w\d+) = tf\.variable/)?.[1] ?? []);
  return [
    ...setup,
    "return {",
    `  variables: () => ({ ${variables.join(", ")} }),`,
    "  actions: [",
    ...actions.map(({ text }) => `    () => ${text},`),
    "  ],",
    "};",
  ].join("\n");
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
