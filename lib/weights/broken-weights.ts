import { UserError } from "../runtime/user-error";

/** The one sentence for a file of weights that is damaged, cut short or no such file. */
export function brokenWeights(file: string, why: string): UserError {
  return new UserError(
    `${file} can't be read as weights: ${why}. Download it again; ` +
      "for the weights that come with the set-up, delete the file and run `npm run setup`.",
  );
}

/** For a sound file that holds something else than the tensors wanted: what it is, and how to save what is wanted. */
export function unsuitableWeights(file: string, what: string, remedy: string): UserError {
  return new UserError(`${file} can't be read as weights: ${what}. ${remedy}`);
}
