import type { Backbone } from "../../backbones/backbone";
import { UserError } from "../../runtime/user-error";
import { loadEfficientNetLite0 } from "../load-efficientnet-lite0";

/** The networks that a transfer can start from, by the name under which they are asked for. */
const loaders: Readonly<Record<string, () => Promise<Backbone>>> = {
  "efficientnet-lite0": loadEfficientNetLite0,
};

/**
 * Loads a pretrained network by its name, in any spelling of it.
 * @throws UserError for a name that there is not, and where its weights are missing
 */
export async function loadBackbone(name: string): Promise<Backbone> {
  const loader = loaders[name.toLowerCase().replaceAll(/[ _]/g, "-")];
  if (loader) return loader();
  throw new UserError(`There is no backbone "${name}". Choose one of: ${Object.keys(loaders).join(", ")}.`);
}
