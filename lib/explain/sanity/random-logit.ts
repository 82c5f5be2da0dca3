import { requireWhole } from "../../runtime/checks";
import { randomStream } from "../../runtime/random";

/**
 * The class whose logit is explained instead in the random-logit test: one of the others, drawn at random. How alike the two
 * maps are says `mapSimilarity`: a map that is the same for any class does not explain why it was this one.
 *
 * Source: Sixt, Granz and Landgraf 2020, "When explanations lie" (https://arxiv.org/abs/1912.09818).
 * @param classes how many there are, from 2
 * @param target the class that is explained
 * @throws UserError for a class that does not exist, or where there is no other
 */
export function randomOtherClass(classes: number, target: number, seed: number): number {
  requireWhole("The number of classes", classes, 2);
  requireWhole("The target class", target, 0, classes - 1);
  const drawn = randomStream(seed, "random logit").integer(classes - 1);
  return drawn < target ? drawn : drawn + 1;
}
