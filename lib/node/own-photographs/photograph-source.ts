import { sha256 } from "../../runtime/sha256";
import type { DigestedSource } from "../feature-store/extract-features";
import { readPhotograph } from "../photograph";

/** Photographs that are decoded at once: as many as there are threads for it, and few enough for the memory. */
const abreast = 4;

/**
 * Photographs of one's own as a backbone takes them, decoded when they are needed and a few at a time, however many are asked
 * for at once.
 * @param photographs files that were looked at before, with the digest of each
 */
export function photographSource(
  photographs: readonly { file: string; digest: string }[],
  size: number,
): DigestedSource {
  const enter = gate(abreast);
  const digests = photographs.map(({ digest }) => digest);
  return {
    count: photographs.length,
    digest: sha256(["own photographs", size, ...digests].join("\n")),
    digests,
    load: (index) => enter(() => readPhotograph(photographs[index]!.file, size)),
  };
}

/** Lets so many pieces of work run at once; the others wait in their order. */
function gate(abreast: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= abreast) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // The place goes to the next, or falls free.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
