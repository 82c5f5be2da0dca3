import type { TestContext } from "node:test";
import { UserError } from "../../runtime/user-error";
import { startTensorFlow } from "../start-tensorflow";
import { registerWebGpu } from "./start-webgpu";

/** Starts the webgpu backend, or skips the test where its packages or an adapter are not here. */
export async function startedWebGpu(context: TestContext): Promise<boolean> {
  try {
    await registerWebGpu();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.skip(error.message);
    return false;
  }
  await startTensorFlow("webgpu");
  return true;
}
