import * as fs from "node:fs";
import type { Backbone } from "../../backbones/backbone";
import { catalogue } from "../../backbones/catalogue";
import { backboneFromWeights } from "../../backbones/recognise";
import { UserError } from "../../runtime/user-error";
import { loadEfficientNetLite0 } from "../load-efficientnet-lite0";
import { publishedWeights } from "../published-weights/published-weights";
import { findWeights } from "../published-weights/weights-cache";
import { startTensorFlow } from "../start-tensorflow";
import { readWeights } from "../weights/read-weights";

/** The network that is taken where none is named; the set-up brings its weights. */
export const usualBackbone = "efficientnet-lite0";

/**
 * Loads a pretrained network.
 * @param name as the catalogue has it (`resnet50`) or writes it (`ResNet-50`), published weights (`mobilenet-v2-dogs`) or a file
 *   of weights, whose architecture is found out
 * @throws UserError for a name that there is not, and for weights that are missing or of no known architecture
 */
export async function loadBackbone(name: string): Promise<Backbone> {
  const entry = catalogue.find((each) => [each.name, each.title.toLowerCase()].includes(name.toLowerCase()));
  if (entry?.name === usualBackbone) return loadEfficientNetLite0();
  const published = entry ?? publishedWeights.find((each) => each.name === name.toLowerCase());
  if (!published && !fs.existsSync(name)) {
    const names = catalogue.map((each) => each.name).join(", ");
    throw new UserError(
      `There is no backbone "${name}", and no file of that name. Choose one of ${names}, one that \`npm run weights\` lists, or name a file of weights.`,
    );
  }
  const { tensors, digest } = await readWeights(published ? findWeights(published.name) : name);
  await startTensorFlow();
  return backboneFromWeights(tensors, digest, entry && { name: entry.name });
}

/** Where a backbone is best cut, as the catalogue says; the last cut points of one that is not in it. */
export function cutsOf({ name, cutPoints }: Backbone): { last: string; fineTunedFrom: string } {
  const known = catalogue.find(({ title }) => title === name);
  const names = cutPoints.map((cut) => cut.name);
  return known?.cuts ?? { last: names.at(-1)!, fineTunedFrom: names.at(-2) ?? names.at(-1)! };
}
