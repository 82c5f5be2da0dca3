import type { PixelImage } from "../images/pixel-image";
import { firstNotFinite, requireWhole } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
import type { Explanation } from "./explanation";
import { type MethodName, type MethodOptions, methodNames, methods } from "./method-table";
import type { Network } from "./network";
import { type CommonOptions, closeQuestion, type Method, openQuestion } from "./question";

/** A method's name together with the options that it takes. */
export type ExplainOptions = {
  [Name in MethodName]: { method: Name } & MethodOptions[Name];
}[MethodName];

/**
 * Says which parts of an image a network's decision rests on, by the method that is named. Images are explained one at
 * a time; the network keeps what it compiled for the next.
 * @param image `inputSize × inputSize` pixels in red, green, blue
 * @param options `method`, one of `methodNames`, with what it may be told: see `MethodOptions`
 * @throws UserError for an unknown method, an image of another size, a target or an option out of range, or a network
 *   whose answer is no finite number
 * @example
 * const network = pretrainedNetwork(await loadEfficientNetLite0());
 * const photograph = await readPhotograph("data/photographs/hen.jpg");
 * const { target, map, rows, columns } = await explain(network, photograph, { method: "Grad-CAM" });
 */
export async function explain(
  network: Network,
  image: PixelImage,
  options: ExplainOptions,
): Promise<Explanation> {
  const method = findMethod(options.method);
  const { onProgress } = options;
  if (options.target !== undefined) requireWhole("The target class", options.target, 0, network.classes - 1);
  const opened = openQuestion(network, image);
  try {
    const logits = await opened.prediction.logits.data<"float32">();
    requireNumbers(logits, "the logits");
    const target = options.target ?? largest(logits);
    const found = await method({ ...opened, target, onProgress }, options);
    requireNumbers(found.map, `the map of "${options.method}"`);
    return { method: options.method, target, ...found };
  } finally {
    closeQuestion(opened);
  }
}

function requireNumbers(values: Float32Array, what: string): void {
  const wrong = firstNotFinite(values);
  if (wrong < 0) return;
  throw new UserError(
    `Number ${wrong} of ${what} is ${values[wrong]}: the network's weights are not finite, or too large to compute with. ` +
      "Train it again with a smaller learning rate.",
  );
}

function findMethod(name: MethodName): Method<CommonOptions> {
  if (methodNames.includes(name)) return methods[name] as Method<CommonOptions>;
  throw new UserError(`There is no method "${name}". Choose one of ${methodNames.join(", ")}.`);
}

function largest(logits: Float32Array): number {
  return logits.reduce((best, logit, i) => (logit > logits[best]! ? i : best), 0);
}
