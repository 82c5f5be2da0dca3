import * as tf from "@tensorflow/tfjs";
import type { SceneCollection } from "../../datasets/scenes/collection";
import { maskOfThing } from "../../datasets/scenes/compose";
import type { AnyScene, SceneDescription } from "../../datasets/scenes/description";
import type { SceneGroup } from "../../datasets/scenes/groups";
import { onOtherBackground, withoutDistractor, withoutTarget } from "../../datasets/scenes/variants";
import type { ScenePart } from "../../explain/causal/causal-agreement";
import type { Network } from "../../explain/network";
import type { PixelImage } from "../../images/pixel-image";
import { stackImages } from "../../images/stack-images";
import { renderScene, type Scene } from "../../node/render-scene";
import type { RandomStream } from "../../runtime/random";
import { OTHER_BACKGROUNDS } from "./plan";

/** A scene as it is explained: what the model says of it, and what each part is worth to that answer. */
export interface ExplainedScene extends Scene {
  description: SceneDescription;
  /** The class with the highest logit, which is explained. */
  predicted: number;
  target: ScenePart;
  distractors: ScenePart[];
  background: ScenePart;
}

/**
 * Renders a scene, and again without its target, without each distractor, and on other backgrounds; a part's worth is how far
 * the predicted class's logit drops. That of the background is the mean over several others.
 */
export async function explainedScene(
  network: Network,
  collection: SceneCollection,
  group: SceneGroup,
  description: SceneDescription,
  stream: RandomStream,
): Promise<ExplainedScene> {
  const variants: AnyScene[] = [
    description,
    withoutTarget(description),
    ...description.distractors.map((_, index) => withoutDistractor(description, index)),
    ...Array.from({ length: OTHER_BACKGROUNDS }, (_, i) =>
      onOtherBackground(description, group, stream.child(`background ${i}`)),
    ),
  ];
  const scenes = await Promise.all(variants.map((variant) => renderScene(collection, variant)));
  const logits = await logitsOf(
    network,
    scenes.map(({ image }) => image),
  );
  const { classes } = network;
  const whole = logits.subarray(0, classes);
  const predicted = whole.reduce((best, logit, i) => (logit > whole[best]! ? i : best), 0);
  const worth = (variant: number) => whole[predicted]! - logits[variant * classes + predicted]!;
  const scene = scenes[0]!;
  const firstBackground = 2 + description.distractors.length;
  const others = Array.from({ length: OTHER_BACKGROUNDS }, (_, i) => worth(firstBackground + i));
  return {
    ...scene,
    description,
    predicted,
    target: { mask: scene.targetMask, worth: worth(1) },
    distractors: description.distractors.map((thing, index) => ({
      mask: maskOfThing(collection, thing),
      worth: worth(2 + index),
    })),
    background: {
      mask: nothingOf(scene),
      worth: others.reduce((sum, value) => sum + value, 0) / others.length,
    },
  };
}

/** What neither the target nor a distractor covers. */
function nothingOf({ targetMask, distractorMask }: Scene): PixelImage {
  const data = targetMask.data.map((value, i) => 255 - Math.min(255, value + distractorMask.data[i]!));
  return { ...targetMask, data };
}

async function logitsOf(network: Network, images: PixelImage[]): Promise<Float32Array> {
  const logits = tf.tidy(() => network.logitsOf(stackImages(images, network.inputSize)));
  const values = await logits.data<"float32">();
  logits.dispose();
  return values;
}
