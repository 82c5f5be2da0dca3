import type { Job } from "../job";
import { extractionWorkload } from "./extraction";
import { forwardWorkload, matmulWorkload } from "./forward";
import { stepWorkload } from "./step";
import { transferWorkload } from "./transfer";
import type { Workload } from "./workload";

/** This library's side of a job. */
export async function makeWorkload(job: Job): Promise<Workload> {
  const { work } = job;
  switch (work.kind) {
    case "matmul":
      return matmulWorkload(job);
    case "forward":
      return forwardWorkload(job);
    case "step":
      return stepWorkload(job, work);
    case "extraction":
      return extractionWorkload(job, work);
    case "transfer":
      return transferWorkload(job);
  }
}
