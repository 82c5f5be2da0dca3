// Loads tfjs-node's addon in a process of its own (a library that doesn't fit the processor ends the process),
// checks an operation whose answer is known, and prints what computes.
const util = require("node:util");

// tfjs-node 4.22 calls two functions that Node 23 removed.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

const tf = require("@tensorflow/tfjs-node-gpu");
const kernel = tf.variable(tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]));
const image = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
const { value, grads } = tf.variableGrads(() => tf.sum(tf.conv2d(image, kernel, 1, "valid")));
const gradient = Object.values(grads)[0].dataSync();

const right =
  value.dataSync()[0] === 228 && [12, 16, 24, 28].every((expected, i) => gradient[i] === expected);
if (!right || tf.getBackend() !== "tensorflow") {
  console.error(`wrong answer: ${value.dataSync()[0]} and ${gradient} from the backend ${tf.getBackend()}`);
  process.exit(1);
}
const { binding, isUsingGpuDevice } = tf.backend();
console.log(`answer ${JSON.stringify({ tensorflow: binding.TF_Version, gpu: Boolean(isUsingGpuDevice) })}`);
