import type { AnyBackbone } from "../backbones/backbone";
import type { Regime } from "./regimes";

/** A backbone by what makes it this one and no other. */
export interface BackboneIdentity {
  name: string;
  digest: string;
  /** How inputs are prepared for it. */
  preprocessing: Readonly<Record<string, number | string>>;
}

/** Where a model comes from, so that it can be saved and loaded: what `fitRegime` was told. */
export interface ModelOrigin {
  backbone: BackboneIdentity;
  regime: Regime;
}

/** What a saved model keeps of its backbone. */
export function describeBackbone(backbone: AnyBackbone): BackboneIdentity {
  const { name, digest, preprocessing } = backbone;
  // Of a backbone for images, whose input is a square.
  const side: Record<string, number> =
    "inputSize" in backbone ? { inputSize: Number(backbone.inputSize) } : {};
  return { name, digest, preprocessing: { ...side, ...preprocessing } };
}
