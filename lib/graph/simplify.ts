import type { RecordedOperation } from "./recording";

/**
 * Puts an operation of TensorFlow in the place of a more general one that tfjs uses, where both compute the same:
 *
 * - a batch of products that is a single product of two matrices becomes `MatMul`;
 * - a sum with a vector along the last axis becomes `BiasAdd`.
 *
 * TensorFlow has faster kernels for these, and joins them with the operations around them when it loads the graph.
 * @param inputShapes shapes of the operation's inputs.
 */
export function simplify(
  operation: RecordedOperation,
  inputShapes: readonly (readonly number[])[],
): RecordedOperation {
  const { kind, attributes } = operation;
  const [first, second] = inputShapes;
  if (!first || !second) return operation;
  if (kind === "BatchMatMulV2" && first.length === 2 && second.length === 2) {
    const { adj_x, adj_y, ...type } = attributes;
    return {
      ...operation,
      kind: "MatMul",
      attributes: { ...type, transpose_a: adj_x!, transpose_b: adj_y! },
    };
  }
  const float = attributes.T && "type" in attributes.T && attributes.T.type === "float32";
  const alongLastAxis =
    first.length > 1 && first.length <= 5 && second.length === 1 && first.at(-1) === second[0];
  if (kind === "Add" && float && alongLastAxis)
    return { ...operation, kind: "BiasAdd", attributes: { ...attributes, data_format: { text: "NHWC" } } };
  return operation;
}
