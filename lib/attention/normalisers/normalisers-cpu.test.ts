import { before } from "node:test";
import { startTensorFlow } from "../../node/start-tensorflow";
import { testNormaliserGoldens } from "./normaliser-goldens.fixture";

before(() => startTensorFlow("cpu"));

testNormaliserGoldens();
