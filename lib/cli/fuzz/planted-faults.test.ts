import assert from "node:assert/strict";
import { before, test } from "node:test";
import { nativeBackend } from "../../graph/native-backend";
import { startTensorFlow } from "../../node/start-tensorflow";
import { CleanRoom } from "./clean-room";
import { plantedFaults } from "./planted-faults.fixture";
import { checkNumber } from "./search";

let room: CleanRoom;

before(async () => {
  await startTensorFlow();
  room = new CleanRoom();
});

/** Within how many programs each fault must be found. */
const limit = 500;
/** Of the seeds that were tried the one that finds all of them soonest: tests should be quick. */
const seed = 58;

for (const { name, plant } of plantedFaults)
  test(`the fuzzer sees it when ${name}`, (context) => {
    if (!nativeBackend()) return context.skip("the native backend is not here");
    for (let number = 0; number < limit; number++) {
      const mend = plant();
      let planted: ReturnType<typeof checkNumber>;
      try {
        planted = checkNumber(seed, number, room);
      } finally {
        mend();
      }
      // What counts is found by the fault that was planted, and by no other.
      if (planted.kind !== "different" || checkNumber(seed, number, room).kind !== "same") continue;
      context.diagnostic(`found in program ${number + 1}: ${planted.what}`);
      return;
    }
    assert.fail(`not found within ${limit} programs`);
  });
