/**
 * Pixels as plain bytes, as `attention-transfer/node` decodes them and the backbones take them.
 *
 * @module images
 */

export { blurImage } from "./blur";
export type { PixelImage } from "./pixel-image";
export type { Rectangle } from "./resample";
