import { randomStream } from "../../runtime/random";

/** Every cell's place when cells are ordered from the most to the least relevant, equals at random. */
export function placesInOrder(map: Float32Array, seed: number): Uint32Array {
  const cells = Array.from(map, (_, cell) => cell);
  // The sort keeps the order of equals, which is the shuffled one.
  const order = randomStream(seed, "removal/ties")
    .shuffled(cells)
    .sort((a, b) => map[b]! - map[a]!);
  const places = new Uint32Array(map.length);
  for (const [place, cell] of order.entries()) places[cell] = place;
  return places;
}
