// Whether tfjs-node's addon works here, found out in a child process.
import { fileURLToPath } from "node:url";
import { tryCommand } from "./command.mjs";
import { root } from "./places.mjs";
import { lastLines } from "./step-error.mjs";

/**
 * @returns {Promise<{ tensorflow: string, gpu: boolean } | { failure: string }>}
 */
export async function verifyAddon() {
  const script = fileURLToPath(new URL("verify-addon.cjs", import.meta.url));
  const { status, output } = await tryCommand(process.execPath, [script], { cwd: root, limitSeconds: 120 });
  const answer = output.match(/^answer (.*)$/m)?.[1];
  if (status === 0 && answer) return JSON.parse(answer);
  if (status === 124) return { failure: "it did not answer within two minutes" };
  if (status === 128) return { failure: "it crashed, as it does on a processor without AVX" };
  const error = output.match(/^(?:\w*Error: |wrong answer: )(.*)$/m)?.[0];
  return { failure: error ?? lastLines(output, 1) };
}
