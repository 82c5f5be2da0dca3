import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { requireWhole } from "./checks";
import { sha256 } from "./sha256";
import { UserError } from "./user-error";

/**
 * A reproducible source of random numbers that belongs to one purpose.
 *
 * Every purpose of a run (the split, the order of an epoch, the initial weights …) has a stream of its own,
 * named after it. A draw added to one purpose then leaves all others as they were.
 */
export class RandomStream {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;
  private spareNormal: number | undefined;

  constructor(private readonly path: string) {
    this.generator = xoroshiro128plus(Number.parseInt(sha256(path).slice(0, 8), 16) | 0);
  }

  /** A number drawn uniformly from [0, 1), with 53 random bits. */
  uniform(): number {
    return uniformFloat64(this.generator);
  }

  /**
   * A whole number drawn uniformly from 0 … limit − 1, without modulo bias.
   * @throws UserError unless the limit is a whole number, at least 1
   */
  integer(limit: number): number {
    requireWhole("The limit of a random whole number", limit, 1);
    return uniformInt(this.generator, 0, limit - 1);
  }

  /** A draw from the standard normal distribution (Box and Muller 1958; both numbers of a pair are used). */
  normal(): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal;
      this.spareNormal = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /**
   * One element of an array.
   * @throws UserError for an empty one
   */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new UserError("There is nothing to pick from: the list is empty.");
    return choices[this.integer(choices.length)] as T;
  }

  /** A new array with the same elements in random order (Fisher and Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
      const chosen = this.integer(last + 1);
      [result[last], result[chosen]] = [result[chosen] as T, result[last] as T];
    }
    return result;
  }

  /** A seed for a TensorFlow.js initialiser or random op: a whole number in 1 … 2³¹ − 1. */
  tensorSeed(): number {
    // To TensorFlow.js 0 means no seed at all.
    return uniformInt(this.generator, 0, 0x7fffffff) || 1;
  }

  /** An independent stream for a part of this purpose; it does not depend on what was drawn here before. */
  child(name: string): RandomStream {
    return new RandomStream(`${this.path}/${name}`);
  }
}

/**
 * The stream of a run's seed for one named purpose: equal seed and name give equal draws on every machine.
 * @throws UserError for a seed that is no whole number
 * @example randomStream(3, "split").shuffled(files)
 */
export function randomStream(seed: number, name: string): RandomStream {
  requireWhole(`The seed of "${name}"`, seed, Number.MIN_SAFE_INTEGER);
  return new RandomStream(`${seed}/${name}`);
}
