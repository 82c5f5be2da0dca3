import * as tf from "@tensorflow/tfjs";

// Callers in JavaScript hand over anything, so the table does too.
// biome-ignore lint/suspicious/noExplicitAny: what is tested is what the compiler would not let through
export type Anything = any;

/** A tensor of ones of a shape that a caller made up. */
export const ones = (...shape: number[]): Anything => tf.ones(shape);
/** The same in whole numbers. */
export const whole = (...shape: number[]): Anything => tf.ones(shape, "int32");

/** A call, and what its refusal says. */
export type Refusal = readonly [what: string, work: () => unknown, message: RegExp];

/** What every layer that takes tokens `[batch, positions, channels]` alone refuses. */
export function ofLayer(name: string, make: () => tf.layers.Layer): Refusal[] {
  const apply = (tokens: unknown, options?: object) => () => (make() as Anything).apply(tokens, options);
  return [
    [`${name}, whole numbers`, apply(whole(1, 3, 4)), /takes tokens as float32, not int32\. Convert it/],
    [`${name}, booleans`, apply(tf.ones([1, 3, 4], "bool")), /takes tokens as float32, not bool/],
    [`${name}, no positions`, apply(ones(1, 0, 4)), /tokens has no positions/],
    [`${name}, no channels`, apply(ones(1, 3, 0)), /tokens has no channels/],
    [`${name}, two axes`, apply(ones(3, 4)), /tokens has 2 axes/],
    [`${name}, a grid`, apply(ones(1, 3, 3, 4)), /reshape the grid \[batch, rows, columns, channels\]/],
    [`${name}, a volume`, apply(ones(1, 2, 3, 3, 4)), /reshape the grid \[batch, depth, rows, columns/],
    [`${name}, an array`, apply([[[1, 2]]]), /takes a tensor, or a list of tensors/],
    [`${name}, nothing`, apply(undefined), /takes a tensor, or a list of tensors/],
    [`${name}, no inputs`, apply([]), /takes a tensor, or a list of tensors/],
    [`${name}, a mask of one axis`, apply(ones(1, 3, 4), { mask: ones(3) }), /mask has 1 axis/],
    [`${name}, a mask of three`, apply(ones(1, 3, 4), { mask: ones(1, 3, 1) }), /mask has 3 axes/],
    [`${name}, a longer mask`, apply(ones(1, 3, 4), { mask: ones(1, 4) }), /3.* and 4 in mask|must be 3/],
    [`${name}, another batch`, apply(ones(1, 3, 4), { mask: ones(2, 3) }), /batch is 1 in .* and 2 in mask/],
    [`${name}, a mask as array`, apply(ones(1, 3, 4), { mask: [[1, 1, 0]] }), /takes a tensor as mask/],
  ];
}

/** What every function of keys and a query refuses. */
export function ofScore(
  name: string,
  score: (keys: Anything, query: Anything) => unknown,
  compares: boolean,
): Refusal[] {
  return [
    [`${name}, whole keys`, () => score(whole(2, 3, 4), ones(2, 4)), /takes keys as float32, not int32/],
    [`${name}, whole query`, () => score(ones(2, 3, 4), whole(2, 4)), /takes query as float32, not int32/],
    [`${name}, keys of two axes`, () => score(ones(3, 4), ones(3, 4)), /keys has 2 axes/],
    [`${name}, no positions`, () => score(ones(2, 0, 4), ones(2, 4)), /keys has no positions/],
    [`${name}, query of four axes`, () => score(ones(2, 3, 4), ones(2, 1, 1, 4)), /query has 4 axes/],
    [`${name}, another batch`, () => score(ones(2, 3, 4), ones(3, 4)), /batch is 2 in keys and 3 in query/],
    [
      `${name}, a query of another width`,
      () => score(ones(2, 3, 4), ones(2, 5)),
      compares ? /channels is 4 in keys and 5 in query/ : /query channels is 5 in query and 4 in/,
    ],
    [`${name}, an array`, () => score([[[1]]], ones(2, 4)), /takes a tensor as keys, not an array/],
    [`${name}, no query`, () => score(ones(2, 3, 4), undefined), /takes a tensor as query, not undefined/],
  ];
}

/** What every normaliser refuses. */
export function ofNormaliser(name: string, weigh: (scores: Anything, mask?: Anything) => unknown): Refusal[] {
  return [
    [`${name}, whole numbers`, () => weigh(whole(1, 1, 3)), /scores as float32|amounts as float32/],
    [`${name}, two axes`, () => weigh(ones(1, 3)), /has 2 axes/],
    [`${name}, no positions`, () => weigh(ones(1, 1, 0)), /has no positions/],
    [`${name}, a mask of heads`, () => weigh(ones(2, 1, 3), ones(2, 1, 3)), /mask has 3 axes/],
    [`${name}, a mask of one axis`, () => weigh(ones(2, 1, 3), ones(3)), /mask has 1 axis/],
    [
      `${name}, a mask of another batch`,
      () => weigh(ones(2, 1, 3), ones(1, 3)),
      /batch is 2 in .* 1 in mask/,
    ],
    [`${name}, a shorter mask`, () => weigh(ones(2, 1, 3), ones(2, 2)), /positions is 3 in .* 2 in mask/],
    [`${name}, an array`, () => weigh([[[1]]]), /takes a tensor as/],
  ];
}
