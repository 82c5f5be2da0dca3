import { loadEfficientNetLite0 } from "../../../node/load-efficientnet-lite0";
import { readPhotograph } from "../../../node/photograph";
import { extractTokens, type ImageSource } from "../../../transfer/extract";
import type { Work } from "../cases";
import type { Job } from "../job";
import { sample, type Workload } from "./workload";

/** Features of photographs, from their files. */
export async function extractionWorkload(
  { images }: Job,
  { to }: Extract<Work, { kind: "extraction" }>,
): Promise<Workload> {
  const backbone = await loadEfficientNetLite0();
  const source = (files: string[]): ImageSource => ({
    count: files.length,
    digest: "photographs",
    load: (index) => readPhotograph(files[index]!),
  });
  return {
    check: async () => sample((await extractTokens(backbone, to, source(images.slice(0, 16)))).data),
    run: async () => void (await extractTokens(backbone, to, source(images))),
  };
}
