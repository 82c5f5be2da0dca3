import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../runtime/user-error";

/** What the layers of the family are built for, so that their parameters can be counted. */
export interface FamilySizes {
  /** Channels of the tokens. */
  channels: number;
  /** Tokens of an image. */
  positions: number;
  classes: number;
  /** Width of the hidden layer of additive and gated attention. */
  units: number;
  heads: number;
  /** Queries of efficient probing; they divide the channels. */
  queries: number;
  /** Width of the hidden layer of the controls, with which they have as many parameters as additive attention. */
  controlUnits: number;
}

/** Where a mechanism was first described. */
export interface Source {
  /** Family names: one, two joined by "and", or the first with "et al.". */
  authors: string;
  year: number;
  url: string;
}

/** One mechanism of the family. */
export interface FamilyMember {
  name: string;
  /** What the library calls it: a class or a function that `attention-transfer` exports. */
  code: string;
  /** File that holds it, relative to `lib/attention`. */
  file: string;
  /** LaTeX, one line. */
  formula: string;
  /** What comes out, in a few words. */
  returns: string;
  /** Nothing where the mechanism is common practice. */
  source?: Source;
  /** A layer that works this way, built for the sizes; nothing where there is no layer to build. */
  build?: (sizes: FamilySizes) => tf.layers.Layer;
}

/** Builds a layer for inputs of the given shapes. */
export function built<Layer extends tf.layers.Layer>(layer: Layer, ...shapes: tf.Shape[]): Layer {
  layer.build(shapes.length === 1 ? shapes[0]! : shapes);
  return layer;
}

/**
 * Numbers that a mechanism learns, counted on a layer that is built for it.
 * @throws UserError for a mechanism without a layer.
 */
export function countTrainedParameters({ name, build }: FamilyMember, sizes: FamilySizes): number {
  if (!build) throw new UserError(`The family has no layer for ${name}, so nothing to count.`);
  const layer = build(sizes);
  const variables = layer.trainableWeights.map((weight) => weight.read());
  const count = variables.reduce((sum, variable) => sum + variable.size, 0);
  tf.dispose([...variables, ...layer.nonTrainableWeights.map((weight) => weight.read())]);
  return count;
}
