import { shown } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
import type { CatalogueEntry } from "./catalogue-entry";
import { efficientNetLites } from "./efficientnet-lite";
import { mobileNetV2 } from "./mobilenet-v2";
import { resNets } from "./resnet";
import { smallResNet } from "./small-resnet";
import { visionTransformers } from "./transformers/family";

/** All architectures that weights can be loaded into. */
export const catalogue: readonly CatalogueEntry[] = [
  ...resNets,
  ...efficientNetLites,
  mobileNetV2,
  ...visionTransformers,
  smallResNet,
];

/**
 * The entry of a name that `--backbone` takes, such as `resnet50`.
 * @throws UserError for a name that there is not
 */
export function findInCatalogue(name: string): CatalogueEntry {
  const entry = catalogue.find((each) => each.name === name);
  if (entry) return entry;
  throw new UserError(
    `There is no backbone ${shown(name)}. Choose one of ${catalogue.map((each) => each.name).join(", ")}.`,
  );
}
