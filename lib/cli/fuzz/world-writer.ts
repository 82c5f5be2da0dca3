import { type Size, shapeText } from "./sizes";
import type { Value } from "./value";

/** What a program has beside its steps: variables, random streams, numbers and tensors of the closure. */
export class WorldWriter {
  readonly setup: string[] = [];
  readonly held: string[] = [];
  readonly variables: Value[] = [];
  readonly closures: { name: string; kind: "number" | "tensor" }[] = [];
  private readonly randoms: string[] = [];
  private seed = 100;

  /** A seed that was not used before. */
  nextSeed(): number {
    return this.seed++;
  }

  /** A variable of this shape: one that is there already, or a new one. */
  variable(shape: readonly number[], preferNew = false): Value {
    const fitting = this.variables.filter(
      (each) => shapeText(each.shape) === shapeText(shape) && each.dtype === "float32",
    );
    if (fitting.length > 1 || (fitting.length > 0 && !preferNew)) return fitting.at(-1) as Value;
    const index = this.variables.length;
    const name = `w${index}`;
    this.setup.push(
      `const start${index} = numbers(${shapeText(shape)}, ${this.nextSeed()});`,
      `const ${name} = tf.variable(start${index});`,
    );
    this.held.push(`start${index}`);
    return this.add({ name, shape, dtype: "float32", follows: new Set([name]) });
  }

  /** A whole number that steps count with. */
  counter(): Value {
    const known = this.variables.find(({ dtype }) => dtype === "int32");
    if (known) return known;
    const index = this.variables.length;
    this.setup.push(
      `const start${index} = tf.scalar(1, "int32");`,
      `const w${index} = tf.variable(start${index}, false);`,
    );
    this.held.push(`start${index}`);
    return this.add({ name: `w${index}`, shape: [], dtype: "int32", follows: new Set() });
  }

  /** A stream of random numbers that live in a variable. */
  random(choice: number): string {
    const index = choice % 2;
    if (index >= this.randoms.length) {
      const name = `random${this.randoms.length}`;
      this.setup.push(`const ${name} = new StepRandom(${this.nextSeed()});`);
      this.randoms.push(name);
      return name;
    }
    return this.randoms[index] as string;
  }

  /** A number or a tensor of the closure that actions change. */
  closure(kind: "number" | "tensor"): string {
    const known = this.closures.find((each) => each.kind === kind);
    if (known) return known.name;
    const name = kind === "number" ? "factor" : "table";
    if (kind === "number") this.setup.push(`let ${name} = 0.5;`);
    else {
      this.setup.push(`let ${name} = numbers([1], ${this.nextSeed()});`, "const replaced = [];");
      this.held.push(name, "...replaced");
    }
    this.closures.push({ name, kind });
    return name;
  }

  /** A tensor made before the steps that stays as it is. */
  constant(shape: readonly Size[]): string {
    const name = `constant${this.held.length}`;
    this.setup.push(`const ${name} = numbers(${shapeText(shape)}, ${this.nextSeed()});`);
    this.held.push(name);
    return name;
  }

  private add(variable: Value): Value {
    this.variables.push(variable);
    return variable;
  }
}
