import { before } from "node:test";
import { startTensorFlow } from "../node/start-tensorflow";
import { testMasks } from "./masks.fixture";

before(() => startTensorFlow());

testMasks({ numRuns: 12 });
