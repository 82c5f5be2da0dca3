import * as fs from "node:fs";
import { type AnyGrid, gridOf } from "../../backbones/grid";
import { UserError } from "../../runtime/user-error";
import { encodeHalf } from "../../weights/half";
import { numbersIn } from "../../weights/number-types";
import { encodeSafetensors, readSafetensorsFrom } from "../../weights/safetensors";
import { writeAtomically } from "../files";
import { withOpenFile } from "../open-file";
import { explainReadFailure } from "../system-failure";

/** A file with the features of some images, a batch that was computed together. */
export interface Shard {
  file: string;
  /** Digests of its images, in the order of their features. */
  images: readonly string[];
  /** Where the numbers begin in the file. */
  start: number;
  /** Whether the numbers are of half precision. */
  half: boolean;
}

/**
 * Writes the features of some images, `[images, …grid, channels]`, as a file of safetensors.
 * @param half whether they are rounded to half precision; their bits then stand there as whole numbers
 */
export async function writeShard(
  file: string,
  images: readonly string[],
  place: AnyGrid & { channels: number },
  features: Float32Array,
  half: boolean,
): Promise<Shard> {
  const data = half ? encodeHalf(features) : features;
  const shape = [images.length, ...gridOf(place), place.channels];
  const bytes = encodeSafetensors({ tokens: { shape, data } }, { images: JSON.stringify(images) });
  await writeAtomically(file, bytes);
  return { file, images, half, start: bytes.length - data.byteLength };
}

/**
 * Looks at a shard that was written before, every number of it.
 * @param size numbers in the features of one image
 * @returns undefined for one that is damaged or holds features of another size
 */
export function openShard(file: string, size: number): Shard | undefined {
  try {
    return withOpenFile(file, `The features ${file}`, (source) => {
      const { tensors, metadata, checked } = readSafetensorsFrom(file, source);
      const images = JSON.parse(metadata.images ?? "") as string[];
      const { data } = tensors.tokens ?? {};
      const half = data instanceof Uint16Array;
      if (!checked || !(half || data instanceof Float32Array) || data.length !== images.length * size)
        return undefined;
      return { file, images, half, start: source.length - data.byteLength };
    });
  } catch (error) {
    if (error instanceof UserError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Reads the features of one image of a shard into their place. */
export function readFromShard({ file, start, half }: Shard, row: number, target: Float32Array): void {
  if (half) {
    const bits = new Uint16Array(target.length);
    fill(file, start + row * bits.byteLength, new Uint8Array(bits.buffer));
    target.set(numbersIn("float16", bits.buffer) as Float32Array);
    return;
  }
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  fill(file, start + row * bytes.length, bytes);
}

function fill(file: string, start: number, bytes: Uint8Array): void {
  let handle: number | undefined;
  try {
    handle = fs.openSync(file, "r");
    for (let at = 0; at < bytes.length; ) {
      const read = fs.readSync(handle, bytes, at, bytes.length - at, start + at);
      if (read === 0) throw Object.assign(new Error("cut short"), { code: "EIO" });
      at += read;
    }
  } catch (error) {
    throw explainReadFailure(
      error,
      `The features ${file}`,
      "They were removed while they were in use: start again, and they are computed anew.",
    );
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}
