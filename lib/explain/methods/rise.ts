import { requireBetween, requireWhole } from "../../runtime/checks";
import { type RandomStream, randomStream } from "../../runtime/random";
import { type Baseline, MIDDLE_GREY } from "../baseline";
import { AGREED, halfAgreement } from "../half-agreement";
import { enlargeMap } from "../map-size";
import { askMasked } from "../masked-images";
import type { CommonOptions, MethodMap, Question } from "../question";

/** How many random masks there are, and what they show. */
export interface RiseOptions extends CommonOptions {
  /**
   * Random masks, 1 … 100,000. When left out: as many as it takes until the maps of the even and of the odd ones agree, see
   * `most`. The paper takes 4,000 to 8,000.
   */
  masks?: number;
  /** Where `masks` is left out: the most that are drawn, 256 … 100,000; 2,048 by default. */
  most?: number;
  /** Cells of a mask along each side, 1 … the image's side; 7 by default. */
  cells?: number;
  /** Probability with which a cell is kept, 0.01 … 1; 0.5 by default. */
  kept?: number;
  /** What stands where a mask is 0: middle grey (127) by default, which to most networks is their zero. */
  baseline?: Baseline;
  /** Decides the masks: same seed, same map. 0 by default. */
  seed?: number;
}

/**
 * RISE: the mean probability that the network gives the target under random masks that show a pixel,
 * S(λ) = Σ_i f(I ⊙ M_i) M_i(λ) / Σ_i M_i(λ), at the image's resolution. The network is asked only for its answers, so
 * this works on every backend. The map has a floor: even a pixel without any part in the decision gets the mean
 * probability over the masks.
 *
 * Unless their number is given, masks are drawn, 256 at a time, until the maps of the even and of the odd ones have a rank
 * correlation of 0.9 on the token grid. The result says how many it took, and how far the halves agree.
 *
 * Source: Petsiuk, Das and Saenko 2018 (https://arxiv.org/abs/1806.07421), equation 6 and section 3.2. Deviations: the
 * paper divides by E[M] N, which the sum of N masks comes near to; with hundreds of masks rather than thousands that
 * would show where they happened to be open. Cells are rounded up to whole pixels as in the authors' code, not down as
 * in their text, so that a shifted mask covers the image. The paper sets the number of masks beforehand.
 * @throws UserError for options out of range
 */
export async function rise(question: Question, options: RiseOptions): Promise<MethodMap> {
  const { masks, most = 2048, cells = 7, kept = 0.5, baseline = MIDDLE_GREY, seed = 0 } = options;
  const side = question.network.inputSize;
  if (masks !== undefined) requireWhole("The masks of RISE", masks, 1, 100_000);
  requireWhole("The most masks of RISE", most, LOOK_EVERY, 100_000);
  requireWhole("The cells of RISE", cells, 1, side);
  requireBetween("The share of cells kept by RISE", kept, 0.01, 1);
  requireWhole("The seed of RISE", seed, 0, Number.MAX_SAFE_INTEGER);
  const drawn = randomMasks(masks ?? most, cells, kept, side, randomStream(seed, "RISE"));
  return weighMasks(question, drawn, masks ?? most, baseline, masks === undefined);
}

/** After how many masks it is seen whether the halves agree. */
const LOOK_EVERY = 256;

/**
 * The map for masks that are given. A pixel that no mask shows gets 0.
 * @param untilAgreed leaves the rest of the masks out once the halves agree
 */
export async function weighMasks(
  question: Question,
  masks: Iterable<Float32Array>,
  count: number,
  baseline: Baseline,
  untilAgreed = false,
): Promise<MethodMap> {
  const side = question.network.inputSize;
  const half = () => ({ weighed: new Float32Array(side * side), shown: new Float32Array(side * side) });
  const [even, odd] = [half(), half()];
  const agreed = () => halfAgreement(question, meanShown(even), meanShown(odd));
  let runs = 0;
  for await (const { mask, logits } of askMasked(question, masks, count, baseline)) {
    const share = probability(logits, question.target);
    const { weighed, shown } = runs % 2 === 0 ? even : odd;
    for (let i = 0; i < mask.length; i++) {
      weighed[i]! += share * mask[i]!;
      shown[i]! += mask[i]!;
    }
    runs++;
    if (untilAgreed && runs % LOOK_EVERY === 0 && agreed() >= AGREED) break;
  }
  const agreement = agreed();
  const weighed = even.weighed.map((sum, i) => sum + odd.weighed[i]!);
  const shown = even.shown.map((sum, i) => sum + odd.shown[i]!);
  const convergence = { runs, converged: agreement >= AGREED, agreement };
  return { map: meanShown({ weighed, shown }), rows: side, columns: side, convergence };
}

function meanShown({ weighed, shown }: { weighed: Float32Array; shown: Float32Array }): Float32Array {
  return weighed.map((sum, i) => (shown[i]! > 0 ? sum / shown[i]! : 0));
}

/** Section 3.2: small binary masks, enlarged bilinearly by one cell more than the image has, and cut out at random. */
export function* randomMasks(
  count: number,
  cells: number,
  kept: number,
  side: number,
  stream: RandomStream,
): Generator<Float32Array> {
  const cell = Math.ceil(side / cells);
  const enlarged = (cells + 1) * cell;
  for (let i = 0; i < count; i++) {
    const small = Float32Array.from({ length: cells * cells }, () => Number(stream.uniform() < kept));
    const { map: large } = enlargeMap({ map: small, rows: cells, columns: cells }, enlarged, enlarged);
    const [top, left] = [stream.integer(cell), stream.integer(cell)];
    const mask = new Float32Array(side * side);
    for (let y = 0; y < side; y++) {
      const start = (top + y) * enlarged + left;
      mask.set(large.subarray(start, start + side), y * side);
    }
    yield mask;
  }
}

/** The softmax of a row of logits at one class. */
function probability(logits: Float32Array, target: number): number {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const exponentials = logits.map((logit) => Math.exp(logit - largest));
  return exponentials[target]! / exponentials.reduce((a, b) => a + b);
}
