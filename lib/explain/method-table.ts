import { type AttentionOptions, attention } from "./methods/attention";
import { attentionRollout } from "./methods/attention-rollout";
import { attentionTimesGradient } from "./methods/attention-times-gradient";
import { gradCam } from "./methods/grad-cam";
import { gradCamPlusPlus } from "./methods/grad-cam-plus-plus";
import { type IntegratedGradientsOptions, integratedGradients } from "./methods/integrated-gradients";
import { type OcclusionOptions, occlusion } from "./methods/occlusion";
import { type RiseOptions, rise } from "./methods/rise";
import { type SmoothGradOptions, smoothGrad } from "./methods/smooth-grad";
import type { CommonOptions, Method } from "./question";

/** What each method may be told. A method is added by a line here and a line in `methods`. */
export interface MethodOptions {
  attention: AttentionOptions;
  "attention rollout": CommonOptions;
  "attention × gradient": CommonOptions;
  "Grad-CAM": CommonOptions;
  "Grad-CAM++": CommonOptions;
  "integrated gradients": IntegratedGradientsOptions;
  SmoothGrad: SmoothGradOptions;
  occlusion: OcclusionOptions;
  RISE: RiseOptions;
}

/** The name of a method that explains. */
export type MethodName = keyof MethodOptions;

/** The methods by their names. */
export const methods: { readonly [Name in MethodName]: Method<MethodOptions[Name]> } = {
  attention,
  "attention rollout": attentionRollout,
  "attention × gradient": attentionTimesGradient,
  "Grad-CAM": gradCam,
  "Grad-CAM++": gradCamPlusPlus,
  "integrated gradients": integratedGradients,
  SmoothGrad: smoothGrad,
  occlusion,
  RISE: rise,
};

/** Every method's name, in the order in which tables show them. */
export const methodNames = Object.keys(methods) as MethodName[];
