import { type AttentionOptions, attention } from "./methods/attention";
import { attentionRollout } from "./methods/attention-rollout";
import { attentionTimesGradient } from "./methods/attention-times-gradient";
import { type FinerCamOptions, finerCam } from "./methods/finer-cam";
import { gradCam } from "./methods/grad-cam";
import { gradCamPlusPlus } from "./methods/grad-cam-plus-plus";
import { hiResCam } from "./methods/hires-cam";
import { type IntegratedGradientsOptions, integratedGradients } from "./methods/integrated-gradients";
import { layerCam } from "./methods/layer-cam";
import { leGrad } from "./methods/le-grad";
import { type OcclusionOptions, occlusion } from "./methods/occlusion";
import { type RiseOptions, rise } from "./methods/rise";
import { type SmoothGradOptions, smoothGrad } from "./methods/smooth-grad";
import type { CommonOptions, Method } from "./question";

/** What each method may be told, by its name. */
export interface MethodOptions {
  /** The weights that the pooling itself declares, on the token grid (https://arxiv.org/abs/1409.0473). */
  attention: AttentionOptions;
  /**
   * Attention followed from the pooling down through a stack of self-attention, on the token grid
   * (https://arxiv.org/abs/2005.00928).
   */
  "attention rollout": CommonOptions;
  /** In a stack of self-attention: attention counts where more of it would raise the logit (https://arxiv.org/abs/2103.15679). */
  "attention × gradient": CommonOptions;
  /**
   * In a stack of self-attention: a position counts where more attention to it would raise the logit
   * (https://arxiv.org/abs/2404.03214).
   */
  LeGrad: CommonOptions;
  /**
   * The channels of the pooled features, each weighted by the mean gradient of the logit at it, on the token grid
   * (https://arxiv.org/abs/1610.02391).
   */
  "Grad-CAM": CommonOptions;
  /** As Grad-CAM, with the positive gradients alone, weighted so that several objects count (https://arxiv.org/abs/1710.11063). */
  "Grad-CAM++": CommonOptions;
  /** The pooled features, each multiplied with the gradient of the logit at it, on the token grid (https://arxiv.org/abs/2011.08891). */
  HiResCAM: CommonOptions;
  /** As HiResCAM, with the positive gradients alone (https://doi.org/10.1109/TIP.2021.3089943). */
  LayerCAM: CommonOptions;
  /** Grad-CAM of what tells the class from those that it is taken for (https://arxiv.org/abs/2501.11309). */
  "Finer-CAM": FinerCamOptions;
  /** A pixel's share in what the logit gains from a baseline to the image (https://arxiv.org/abs/1703.01365); not on wasm. */
  "integrated gradients": IntegratedGradientsOptions;
  /** The size of the logit's gradient at each pixel, averaged over noisy copies (https://arxiv.org/abs/1706.03825); not on wasm. */
  SmoothGrad: SmoothGradOptions;
  /** How much the logit falls when a window covers a part of the image (https://arxiv.org/abs/1311.2901). */
  occlusion: OcclusionOptions;
  /** The mean probability under random masks that show a pixel (https://arxiv.org/abs/1806.07421). */
  RISE: RiseOptions;
}

/** The name of a method that explains. */
export type MethodName = keyof MethodOptions;

/** The methods by their names. One is added by a line here and a line in `MethodOptions`. */
export const methods: { readonly [Name in MethodName]: Method<MethodOptions[Name]> } = {
  attention,
  "attention rollout": attentionRollout,
  "attention × gradient": attentionTimesGradient,
  LeGrad: leGrad,
  "Grad-CAM": gradCam,
  "Grad-CAM++": gradCamPlusPlus,
  HiResCAM: hiResCam,
  LayerCAM: layerCam,
  "Finer-CAM": finerCam,
  "integrated gradients": integratedGradients,
  SmoothGrad: smoothGrad,
  occlusion,
  RISE: rise,
};

/** Every method's name, in the order in which tables show them. */
export const methodNames = Object.keys(methods) as MethodName[];
