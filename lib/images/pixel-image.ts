/** An image as plain bytes: `data` is row-major `[height, width, channels]`, every value 0..255. */
export interface PixelImage {
  width: number;
  height: number;
  /** 1: grey or a mask; 3: red, green, blue (sRGB); 4: with opacity. */
  channels: 1 | 3 | 4;
  data: Uint8Array;
}
