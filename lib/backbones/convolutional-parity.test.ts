import { before } from "node:test";
import { startTensorFlow } from "../node/start-tensorflow";
import { testParity } from "./parity.fixture";

before(() => startTensorFlow());

testParity("convolutional.json");
