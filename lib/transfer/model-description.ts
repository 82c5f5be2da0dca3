import { UserError } from "../runtime/user-error";
import type { ModelOrigin } from "./model-origin";
import type { PoolingName } from "./pooling-choice";

/** All of a model but its numbers. */
export interface Description {
  pooling: PoolingName;
  channels: number;
  classes: number;
  classNames?: readonly string[];
  attentionUnits: number;
  stageChannels?: number;
  stageStrides?: readonly number[];
  origin: ModelOrigin;
  /** Version of TensorFlow.js that wrote it. */
  tensorflowjs: string;
}

/**
 * Reads the description in a saved model. What `TransferModel` itself looks at (pooling, sizes, names) is left to it.
 * @param text of the file's metadata
 * @param name what messages call the file
 * @throws UserError naming what is missing or of another kind than it should be
 */
export function parseDescription(text: string | undefined, name: string): Description {
  const refuse = (what: string) =>
    new UserError(
      `${name} can't be loaded: ${what}. Whatever wrote it was not \`saveModel\`, or it was changed afterwards; save the model again.`,
    );
  let read: unknown;
  try {
    read = JSON.parse(text ?? "");
  } catch {
    throw refuse("its description of the model is no JSON");
  }
  const at = (...keys: string[]): unknown =>
    keys.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), read);
  const require = (fits: boolean, keys: string[], kind: string) => {
    if (!fits) throw refuse(`the \`${keys.join(".")}\` in its description should be ${kind}`);
  };
  for (const keys of [
    ["pooling"],
    ["origin", "backbone", "name"],
    ["origin", "backbone", "digest"],
    ["origin", "regime", "frozenUpTo"],
    ["origin", "regime", "pooledAt"],
  ])
    require(typeof at(...keys) === "string", keys, "a text");
  const preprocessing = ["origin", "backbone", "preprocessing"];
  require(isObject(at(...preprocessing)), preprocessing, "an object");
  require(isWhole(at("attentionUnits")), ["attentionUnits"], "a whole number");
  const { classNames, stageChannels, stageStrides } = read as Record<string, unknown>;
  const isLeftOut = (value: unknown) => value === undefined;
  require(isLeftOut(classNames) || Array.isArray(classNames), ["classNames"], "a list of names");
  require(isLeftOut(stageChannels) || isWhole(stageChannels), ["stageChannels"], "a whole number");
  const areStrides = Array.isArray(stageStrides) && stageStrides.every(isWhole);
  require(isLeftOut(stageStrides) || areStrides, ["stageStrides"], "a list of whole numbers");
  return read as Description;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
