import * as tf from "@tensorflow/tfjs";
import { requireBetween, requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import type { CommonOptions, Question, RelevanceMap } from "../question";
import { weightedChannels } from "./grad-cam";

/** Which classes the target is held against, and how strongly. */
export interface FinerCamOptions extends CommonOptions {
  /** How many similar classes, 1 … classes − 1: those whose logits are nearest to the target's; 1 by default. */
  similar?: number;
  /** How much of the similar classes' mean logit is taken off, 0 … 10; 0.6 by default. With 0 the map is Grad-CAM's. */
  strength?: number;
}

/**
 * Finer-CAM: Grad-CAM of the target's logit less that of similar classes, y_c − γ · mean_d y_d: what tells the target from the
 * classes that it is taken for, rather than what they share. It has something to say where classes are alike; between
 * classes that share nothing it is Grad-CAM with noise.
 *
 * Source: Zhang et al. 2025, "Finer-CAM: spotting the difference reveals finer details for visual explanation"
 * (https://arxiv.org/abs/2501.11309). Deviation: one similar class by default, where the authors' code takes three: a transfer
 * often tells apart no more than a handful.
 * @throws UserError for options out of range, and for a network with a single class
 */
export async function finerCam(question: Question, options: FinerCamOptions): Promise<RelevanceMap> {
  const { similar = 1, strength = 0.6 } = options;
  const { classes } = question.network;
  if (classes < 2) throw new UserError("Finer-CAM holds a class against others, and this network has one.");
  requireWhole("The similar classes of Finer-CAM", similar, 1, classes - 1);
  requireBetween("The strength of Finer-CAM", strength, 0, 10);
  const logits = await question.prediction.logits.data<"float32">();
  const upstream = comparedRow(logits, question.target, similar, strength);
  const row = tf.tensor2d(upstream, [1, classes]);
  try {
    return await weightedChannels(question, (gradient) => tf.mean(gradient, [1, 2], true), row);
  } finally {
    row.dispose();
  }
}

/** What each logit counts: 1 for the target, −strength / similar for each of the classes nearest to it, else 0. */
export function comparedRow(
  logits: ArrayLike<number>,
  target: number,
  similar: number,
  strength: number,
): Float32Array {
  const distance = (i: number) => Math.abs(logits[i]! - logits[target]!);
  const nearest = Array.from(logits, (_, i) => i)
    .filter((i) => i !== target)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, similar);
  return Float32Array.from(logits, (_, i) => {
    if (i === target) return 1;
    return nearest.includes(i) ? -strength / similar : 0;
  });
}
