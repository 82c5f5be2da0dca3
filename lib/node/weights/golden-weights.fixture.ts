import * as path from "node:path";
import { dataFolder } from "../files";

/** A file that Python wrote, see data/golden/weights/write_weights_files.py. */
export const golden = (name: string) => path.join(dataFolder(), "golden", "weights", name);

/** 0, 1/8 … 11/8, of which most golden tensors are made. */
export const eighths = Float32Array.from({ length: 12 }, (_, i) => i / 8);

/** The numbers of [3, 4] with rows and columns exchanged. */
export const exchanged = (numbers: Float32Array) =>
  Float32Array.from([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], (i) => numbers[i]!);
