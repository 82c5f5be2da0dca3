import assert from "node:assert/strict";
import { test } from "node:test";
import { betweenPair } from "./beside";
import { photographMap } from "./photograph-map";

test("a map lies where the network looked and nowhere else, and both pictures are framed there", async () => {
  const [width, height] = [448, 224];
  const photograph = {
    width,
    height,
    channels: 3 as const,
    data: new Uint8Array(width * height * 3).fill(100),
  };
  const crop = { left: 126, top: 14, width: 196, height: 196 };
  const { image, maximum } = await photographMap(
    photograph,
    { map: [0, 0, 0, 1], rows: 2, columns: 2 },
    crop,
  );
  assert.deepEqual([image.width, image.height, maximum], [2 * width + betweenPair, height, 1]);
  const at = (x: number, y: number) => [
    ...image.data.subarray((y * image.width + x) * 3, (y * image.width + x) * 3 + 3),
  ];
  const mapped = (x: number, y: number) => at(width + betweenPair + x, y);
  assert.deepEqual(at(20, 20), [100, 100, 100], "the photograph itself is as it was");
  assert.deepEqual(mapped(20, 20), [201, 201, 201], "outside the crop it is pale");
  assert.notDeepEqual(mapped(270, 160), mapped(170, 60), "the last quarter of the crop has all the weight");
  assert.deepEqual(mapped(170, 60), mapped(270, 60));
  for (const side of [at, mapped]) assert.deepEqual(side(crop.left, 100), [255, 255, 255]);
});
