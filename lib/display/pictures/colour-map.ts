/**
 * Plasma by Nathaniel Smith and Stéfan van der Walt (matplotlib, CC0) at 17 even steps: perceptually even, so
 * that equal differences of value look equally large, and readable with any colour blindness. From deep blue
 * through purple and orange to yellow it keeps away from grey and from the green of plants.
 */
const plasma = [
  0x0d0887, 0x310597, 0x4c02a1, 0x6600a7, 0x7e03a8, 0x9511a1, 0xaa2395, 0xbc3587, 0xcc4778, 0xda5a6a,
  0xe66c5c, 0xf0804e, 0xf89540, 0xfdac33, 0xfdc527, 0xf8df25, 0xf0f921,
];

export type Colour = [red: number, green: number, blue: number];

/** The colour of a share in [0, 1] (clamped), each channel 0..255 and not yet rounded. */
export function weightColour(share: number): Colour {
  const position = Math.min(1, Math.max(0, share)) * (plasma.length - 1);
  const below = Math.min(Math.floor(position), plasma.length - 2);
  const rest = position - below;
  const channel = (shift: number) => {
    const from = (plasma[below]! >> shift) & 255;
    const to = (plasma[below + 1]! >> shift) & 255;
    return from + (to - from) * rest;
  };
  return [channel(16), channel(8), channel(0)];
}

/** How much of the colour is seen where the weight is largest; the photograph stays visible below it. */
export const largestOpacity = 0.72;
