import { before } from "node:test";
import { startTensorFlow } from "../../runtime/tensorflow";
import { testNormaliserGoldens } from "../goldens/normaliser-goldens";

before(() => startTensorFlow("wasm"));

testNormaliserGoldens();
