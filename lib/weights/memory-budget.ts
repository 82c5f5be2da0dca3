import { unsuitableWeights } from "./broken-weights";

/** Whatever a file's size, so many bytes of tensors are read. */
const leastBytes = 2 ** 28;
/** Compressed, quantised and repeated numbers take more memory than they took on disk; weights never so many times more. */
const mostTimes = 32;

/** What the tensors of one file may take in memory: a small file must not fill it by shapes that it only claims. */
export class MemoryBudget {
  private left: number;

  constructor(
    private readonly file: string,
    fileBytes: number,
  ) {
    this.left = Math.max(leastBytes, mostTimes * fileBytes);
  }

  /**
   * Takes the bytes of a part, such as a tensor, off what is left.
   * @param name the part's, for the error message
   * @throws UserError where they are more than that
   */
  take(name: string, bytes: number): void {
    this.left -= bytes;
    if (this.left >= 0) return;
    throw unsuitableWeights(
      this.file,
      `with its part "${name}" it would take ${mostTimes} times the memory that it takes on disk`,
      "No file of weights does: get it anew from where it is published.",
    );
  }
}
