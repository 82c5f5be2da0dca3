/** A file of weights that is published somewhere, and what is known of it. */
export interface PublishedWeights {
  /** As `npm run weights -- get` takes it. Where it is the usual file of an architecture, the architecture's name. */
  readonly name: string;
  /** What network they are of, as a text has it. */
  readonly architecture: string;
  /** Who trained them, on what. */
  readonly origin: string;
  /** What is known of their licence, and what is not. */
  readonly licence: string;
  /** Its name in the cache. */
  readonly file: string;
  /** Its size in megabytes (10⁶ bytes), rounded. */
  readonly megabytes: number;
  /** SHA-256: all 64 digits, or the first ones, which its publisher put into the file's name; left out where none is known. */
  readonly digest?: string;
  /** Where it is to be had. */
  readonly source: PublishedFile | PublishedWheel;
}

/** A file by itself. */
export interface PublishedFile {
  readonly kind: "file";
  readonly url: string;
}

/** A file in a package of Python's, which is unpacked and never installed. */
export interface PublishedWheel {
  readonly kind: "wheel";
  readonly project: string;
  readonly version: string;
  /** SHA-256 of the wheel. */
  readonly digest: string;
  /** The file's path in it. */
  readonly member: string;
}
