import { UserError } from "../runtime/user-error";

/** The one sentence for a file of weights that is damaged, cut short or of another kind. */
export function brokenWeights(file: string, why: string): UserError {
  return new UserError(
    `${file} can't be read as weights: ${why}. Download it again; ` +
      "for the weights that come with the set-up, delete the file and run `npm run setup`.",
  );
}
