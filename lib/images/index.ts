// Images: pixels as plain bytes.

export { blurImage } from "./blur";
export type { PixelImage } from "./pixel-image";
