/** Bytes that all notebooks together, and each of them, may have: a repository keeps every version. */
export const largestTogether = 8_000_000;
export const largestNotebook = 2_000_000;

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;

/**
 * What is wrong with the sizes of the committed notebooks.
 *
 * @param {{ name: string, bytes: number }[]} notebooks
 * @returns {string[]} one sentence a fault
 */
export function findSizeFaults(notebooks) {
  const remedy = "Show smaller pictures, or fewer.";
  const large = notebooks
    .filter(({ bytes }) => bytes > largestNotebook)
    .map(
      ({ name, bytes }) =>
        `${name} has ${megabytes(bytes)}, more than ${megabytes(largestNotebook)}. ${remedy}`,
    );
  const together = notebooks.reduce((sum, { bytes }) => sum + bytes, 0);
  if (together > largestTogether) {
    large.push(
      `The notebooks have ${megabytes(together)} together, more than ${megabytes(largestTogether)}. ${remedy}`,
    );
  }
  return large;
}
