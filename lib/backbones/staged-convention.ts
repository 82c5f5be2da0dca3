import type { Architecture } from "./architecture";
import type { Convention, ConventionName } from "./catalogue-entry";
import { type ExpectedTensor, expectedTensors } from "./expected-tensors";
import { StagedBackbone } from "./staged-backbone";

/** A convention of a network of stages. The architecture is not made before it is asked for. */
export function stagedConvention(
  name: ConventionName,
  describe: () => Architecture,
  note?: string,
): Convention {
  let described: Architecture | undefined;
  let tensors: ExpectedTensor[] | undefined;
  const architecture = () => {
    described ??= describe();
    return described;
  };
  return {
    name,
    note,
    get preprocessing() {
      const { inputSize, pixelMean, pixelDeviation } = architecture();
      return { inputSize, pixelMean, pixelDeviation };
    },
    get tensors() {
      tensors ??= expectedTensors(architecture());
      return tensors;
    },
    make(weights, digest, inputSize = architecture().inputSize) {
      // At another size the same weights give other activations, which no cache may take for these.
      const own = inputSize === architecture().inputSize ? digest : `${digest} at ${inputSize}`;
      return new StagedBackbone({ ...architecture(), inputSize }, weights, own);
    },
  };
}
