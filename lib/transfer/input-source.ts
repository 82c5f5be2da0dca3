/** Inputs of a backbone that can be made or read one by one, in any order and as often as wanted. */
export interface InputSource<Input> {
  /** How many there are. */
  count: number;
  /** Changes whenever anything of any input would: part of the name under which features are cached. */
  digest: string;
  /** The input at `index`. */
  load(index: number): Promise<Input>;
}
