/**
 * From vermilion through near white to blue, the palette's two most different colours: readable with any colour
 * blindness, darker the farther from the middle, so that a print in grey still tells small from large.
 */
const stops = [
  "#9c3a00",
  "#cf6a2c",
  "#eba982",
  "#f7ddcd",
  "#f6f6f4",
  "#cfe2ef",
  "#8fbedd",
  "#3d8cc0",
  "#004f80",
];

/** For Plotly: the middle of the scale lies at 0.5. */
export const divergingColourScale: [number, string][] = stops.map((colour, step) => [
  step / (stops.length - 1),
  colour,
]);

/** The colour of a value from −1 to 1 (clamped), each channel 0..255 and whole. */
export function divergingColour(value: number): [red: number, green: number, blue: number] {
  const position = ((Math.min(1, Math.max(-1, value)) + 1) / 2) * (stops.length - 1);
  const below = Math.min(Math.floor(position), stops.length - 2);
  const channel = (stop: string, at: number) => Number.parseInt(stop.slice(1 + 2 * at, 3 + 2 * at), 16);
  const mixed = (at: number) => {
    const from = channel(stops[below]!, at);
    return Math.round(from + (channel(stops[below + 1]!, at) - from) * (position - below));
  };
  return [mixed(0), mixed(1), mixed(2)];
}
