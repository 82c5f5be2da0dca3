import { requireWhole } from "../../runtime/checks";
import { type Baseline, MIDDLE_GREY } from "../baseline";
import { askMasked } from "../masked-images";
import type { CommonOptions, Question, RelevanceMap } from "../question";

/** The window that covers a part of the image, and how it moves. */
export interface OcclusionOptions extends CommonOptions {
  /** Side of the square window in pixels; a quarter of the image's side by default. */
  window?: number;
  /** Pixels from one window to the next, no more than its side; a fourteenth of the image's side by default. */
  stride?: number;
  /** What the window shows: middle grey (127) by default. */
  baseline?: Baseline;
}

/**
 * Occlusion: how much the target's logit falls when a window covers a part of the image. A pixel's map value is the
 * mean fall over the windows that cover it, at the image's resolution; where covering it raises the logit it is 0.
 *
 * Windows start at 0, stride, 2 stride … in both directions until the far edge is covered; the last ones are cut there.
 *
 * Source: Zeiler and Fergus 2014 (https://arxiv.org/abs/1311.2901), section 4.2. Deviations: the paper plots the
 * class's probability against the window's place, which hardly moves where the network is sure; and it takes grey only.
 * @throws UserError for a window or stride out of range
 */
export async function occlusion(question: Question, options: OcclusionOptions): Promise<RelevanceMap> {
  const { network, target } = question;
  const side = network.inputSize;
  const { window = Math.ceil(side / 4), baseline = MIDDLE_GREY } = options;
  requireWhole("The window of occlusion", window, 1, side);
  const { stride = Math.min(window, Math.ceil(side / 14)) } = options;
  requireWhole("The stride of occlusion", stride, 1, window);

  const starts = Array.from({ length: Math.ceil((side - window) / stride) + 1 }, (_, i) => i * stride);
  const logits = await question.prediction.logits.data<"float32">();
  const falls = new Float32Array(side * side);
  const covered = new Float32Array(side * side);
  const masks = windowMasks(starts, window, side);
  for await (const answer of askMasked(question, masks, starts.length ** 2, baseline)) {
    const fall = logits[target]! - answer.logits[target]!;
    answer.mask.forEach((kept, i) => {
      if (kept) return;
      falls[i]! += fall;
      covered[i]! += 1;
    });
  }
  return { map: falls.map((sum, i) => Math.max(0, sum / covered[i]!)), rows: side, columns: side };
}

/** Masks with a window of zeros at each place, row by row. */
function* windowMasks(starts: number[], window: number, side: number): Generator<Float32Array> {
  for (const top of starts) {
    for (const left of starts) {
      const mask = new Float32Array(side * side).fill(1);
      for (let y = top; y < Math.min(side, top + window); y++)
        mask.fill(0, y * side + left, y * side + Math.min(side, left + window));
      yield mask;
    }
  }
}
