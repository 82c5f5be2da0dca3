import * as fc from "fast-check";

/** The tokens of one image, `[positions, channels]`, and which of them count: 1, or 0 where masked. */
interface MaskedImage {
  values: number[][];
  mask: number[];
}

/** What the tokens of a drawn image may be. */
interface ImageLimits {
  channels: number;
  /** At most so many positions, at least one. */
  positions: number;
  /** Numbers lie from −limit to limit. */
  limit: number;
}

/** Images of which the mask keeps at least one position. */
export function maskedImages({ channels, positions, limit }: ImageLimits): fc.Arbitrary<MaskedImage> {
  const token = fc.array(fc.float({ min: -limit, max: limit, noNaN: true }), {
    minLength: channels,
    maxLength: channels,
  });
  return fc
    .array(fc.tuple(token, fc.boolean()), { minLength: 1, maxLength: positions })
    .map((rows) => ({ values: rows.map(([value]) => value), mask: rows.map(([, kept]) => Number(kept)) }))
    .filter(({ mask }) => mask.includes(1));
}

/** Images with an order to put their positions in. */
export function shuffled(
  images: fc.Arbitrary<MaskedImage>,
): fc.Arbitrary<{ image: MaskedImage; order: number[] }> {
  return images.chain((image) => {
    const positions = image.mask.map((_, i) => i);
    return fc.record({
      image: fc.constant(image),
      order: fc.shuffledSubarray(positions, { minLength: positions.length }),
    });
  });
}
