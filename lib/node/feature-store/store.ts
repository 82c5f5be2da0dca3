import * as fs from "node:fs";
import * as path from "node:path";
import { sha256 } from "../../runtime/sha256";
import { writeAtomically } from "../files";
import { openShard, type Shard } from "./shard";

/** What decides the digits of features beside the images: they lie in one folder. */
export interface FeatureOrigin {
  /** The backbone's name, for a reader. */
  backbone: string;
  /** SHA-256 of its weights and computation. */
  digest: string;
  cut: string;
  /** How images are prepared. */
  preprocessing: Readonly<Record<string, number | string>>;
  /** What computes: the last digits depend on it. */
  machine: Readonly<Record<string, number | string | boolean | undefined>>;
  /** Absent in single precision. */
  precision?: "half";
}

/** Where the features of one image lie. */
export interface StoredRow {
  shard: Shard;
  row: number;
}

const descriptionFile = "origin.json";
export const shardEnding = ".features.safetensors";

/** Shards that this process has looked at or written, by file: each is looked at once. */
const looked = new Map<string, Shard>();

/** The folder of features of one origin, and where in it those of each image lie. */
export class FeatureStore {
  private readonly rows = new Map<string, StoredRow>();
  readonly folder: string;

  private constructor(above: string, origin: FeatureOrigin) {
    this.folder = path.join(above, sha256(JSON.stringify(origin)).slice(0, 32));
  }

  /**
   * @param above where the folders of all origins lie
   * @param size numbers in the features of one image
   * @param onDamaged told of a file that is damaged; its images are computed again
   */
  static async open(
    above: string,
    origin: FeatureOrigin,
    size: number,
    onDamaged?: (message: string) => void,
  ): Promise<FeatureStore> {
    const store = new FeatureStore(above, origin);
    // Written each time: its date says when the features were last asked for.
    await writeAtomically(path.join(store.folder, descriptionFile), `${JSON.stringify(origin, null, 1)}\n`);
    for (const name of (await fs.promises.readdir(store.folder)).sort()) {
      if (!name.endsWith(shardEnding)) continue;
      const file = path.join(store.folder, name);
      const shard = looked.get(file) ?? openShard(file, size);
      if (shard) store.add(shard);
      else onDamaged?.(`${file} is damaged; its features are computed again.`);
    }
    return store;
  }

  add(shard: Shard): void {
    looked.set(shard.file, shard);
    shard.images.forEach((digest, row) => {
      this.rows.set(digest, { shard, row });
    });
  }

  find(digest: string): StoredRow | undefined {
    return this.rows.get(digest);
  }

  /** The name of a shard follows from its images: one that was damaged is written over. */
  fileOf(images: readonly string[]): string {
    return path.join(this.folder, `${sha256(images.join("\n")).slice(0, 32)}${shardEnding}`);
  }
}

/** The origin of a folder of features; undefined where it is none. */
export function readOrigin(folder: string): FeatureOrigin | undefined {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, descriptionFile), "utf8")) as FeatureOrigin;
  } catch {
    return undefined;
  }
}
