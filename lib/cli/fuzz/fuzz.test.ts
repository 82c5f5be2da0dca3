import assert from "node:assert/strict";
import { before, test } from "node:test";
import { nativeBackend } from "../../graph/native-backend";
import { startTensorFlow } from "../../node/start-tensorflow";
import { CleanRoom } from "./clean-room";
import { scriptOf } from "./script";
import { checkNumber, shrink } from "./search";

let room: CleanRoom;

before(async () => {
  await startTensorFlow();
  room = new CleanRoom();
});

const programs = 200;
const seed = 9;

test(`${programs} random programs do the same compiled as they do eagerly`, (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  let nearTies = 0;
  for (let number = 0; number < programs; number++) {
    const verdict = checkNumber(seed, number, room);
    if (verdict.kind === "near a tie") nearTies++;
    if (verdict.kind === "different") assert.fail(scriptOf(shrink(seed, number, room, 60), seed));
  }
  // Programs that rounding decides prove nothing.
  assert.ok(nearTies < programs / 20, `${nearTies} programs lie near a tie`);
});
