import { before } from "node:test";
import { startTensorFlow } from "../../runtime/tensorflow";
import { testNormaliserGoldens } from "./normaliser-goldens.fixture";

before(() => startTensorFlow("wasm"));

testNormaliserGoldens();
