import { before } from "node:test";
import { startTensorFlow } from "../node/start-tensorflow";
import { testRefusals } from "./refusals.fixture";

before(() => startTensorFlow("wasm"));

testRefusals();
