export type Colour = [red: number, green: number, blue: number];

/** From Björn Ottosson's Oklab (2020, public domain) to sRGB, each channel 0..255, cut to what a screen can show. */
function screenColour(lightness: number, greenRed: number, blueYellow: number): Colour {
  const long = (lightness + 0.3963377774 * greenRed + 0.2158037573 * blueYellow) ** 3;
  const middle = (lightness - 0.1055613458 * greenRed - 0.0638541728 * blueYellow) ** 3;
  const short = (lightness - 0.0894841775 * greenRed - 1.291485548 * blueYellow) ** 3;
  const encoded = (linear: number) => {
    const part = Math.min(1, Math.max(0, linear));
    return 255 * (part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055);
  };
  return [
    encoded(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    encoded(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    encoded(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ];
}

/** Lightness at 0, and how much of it is gone at 1. */
const lightest = 0.95;
const falling = 0.66;

/**
 * The colour of a share in [0, 1] (clamped), each channel 0..255 and not yet rounded: from a pale, nearly grey sand
 * through orange and crimson to a dark purple. Lightness falls evenly, so that equal differences of value look equally
 * large with any colour blindness and in grey, and little weight stays quiet.
 * @param relief is added to the lightness (0 black, 1 white), so that a photograph can be engraved into the colour.
 */
export function weightColour(share: number, relief = 0): Colour {
  const t = Math.min(1, Math.max(0, share));
  const hue = ((84 - 116 * t ** 0.95) * Math.PI) / 180;
  const chroma = 0.012 + 0.172 * Math.sin(Math.PI * Math.min(1, 0.93 * t) ** 1.15) ** 1.6 + 0.075 * t * t;
  const lightness = Math.min(1, Math.max(0, lightest - falling * t + relief));
  return screenColour(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
}

/** What the pixels of a value above the scale's top are striped with. */
export const stripe: Colour = [255, 255, 255];

/** Whether a pixel of a striped area has the stripe's colour: diagonals two pixels wide, six apart. */
export const onStripe = (x: number, y: number) => (x + y) % 6 < 2;
