import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../../../backbones/backbone";
import type { Check } from "./check";
import { drawn } from "./drawn";

/**
 * The backbone from pixels to logits, what methods that explain take (the gradient of a logit with respect to pixels and
 * to a cut point), and the gradients of a stage that is fine-tuned.
 */
export function networkChecks(backbone: Backbone): readonly Check[] {
  const images = () => {
    const pixels = drawn<tf.Rank.R4>("images", [1, 224, 224, 3], 50).add(127).clipByValue(0, 255);
    return backbone.preprocess(pixels as tf.Tensor4D);
  };
  const activations = (name: string, rows: number, channels: number) =>
    drawn<tf.Rank.R4>(name, [1, rows, rows, channels], 0.5);
  const logitFrom = (cut: string) => (x: tf.Tensor) =>
    backbone
      .run(x as tf.Tensor4D, cut, "logits")
      .slice([0, 7], [1, 1])
      .sum();
  return [
    {
      name: "from pixels to every second cut point and to the logits",
      kind: "network",
      run: () => {
        const x = images();
        const cuts = ["stem", "stage2", "stage4", "stage5", "stage6", "head", "logits"];
        return Object.fromEntries(cuts.map((cut) => [cut, backbone.run(x, "input", cut)]));
      },
    },
    {
      // Not from the logits: plain JavaScript, where it is the reference, takes minutes for that.
      name: "gradient of the second stage with respect to the pixels",
      kind: "network",
      run: () => {
        const direction = drawn("direction", [1, 56, 56, 24]);
        const toStage = (x: tf.Tensor) =>
          backbone
            .run(x as tf.Tensor4D, "input", "stage2")
            .mul(direction)
            .sum();
        return { gradient: tf.grad(toStage)(images()) };
      },
    },
    {
      name: "gradient of a logit with respect to the middle layer",
      kind: "network",
      run: () => ({ gradient: tf.grad(logitFrom("stage5"))(activations("stage5", 14, 112)) }),
    },
    {
      name: "gradients of the last stage's weights",
      kind: "network",
      run: () => {
        const stage = backbone.trainableStage("stage6", "head");
        const x = activations("stage6", 7, 192);
        const direction = drawn("direction", [1, 7, 7, 1280]);
        const { grads } = tf.variableGrads(
          () => stage.run(x).mul(direction).mean() as tf.Scalar,
          stage.variables,
        );
        const named = stage.variables.map(({ name }, i) => [stage.variableNames[i]!, grads[name]!] as const);
        stage.dispose();
        return Object.fromEntries(named);
      },
    },
  ];
}
