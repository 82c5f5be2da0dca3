import * as fs from "node:fs";
import * as path from "node:path";
import { npmCommand, runCommand } from "./command.mjs";
import { inCheckout } from "./places.mjs";
import { hashFiles, stampSays, writeStamp } from "./stamp.mjs";
import { StepLine } from "./step-line.mjs";

const files = ["package.json", "package-lock.json"];

/**
 * Installs packages of a lock file of their own into a folder of their own, apart from the project's; nothing is done where
 * they are there already.
 *
 * @param {{ title: string, what: string, from: string, to: string, options?: string[] }} packages `title` stands before the
 *   progress, `what` in the sentence of a failure, `from` is the folder with the lock, `options` are npm's beside ours
 */
export async function installApart({ title, what, from, to, options = [] }) {
  const wanted = { lock: hashFiles(files.map((file) => path.join(from, file))) };
  if (stampSays(to, wanted)) return;
  const line = new StepLine(title);
  line.update("fetching");
  fs.rmSync(to, { recursive: true, force: true });
  fs.mkdirSync(to, { recursive: true });
  for (const file of files) fs.copyFileSync(path.join(from, file), path.join(to, file));
  const { program, args } = npmCommand();
  await runCommand(program, [...args, "ci", "--ignore-scripts", ...options, "--no-audit", "--no-fund"], {
    cwd: to,
    failure: `npm could not install ${what}.`,
  });
  writeStamp(to, wanted);
  line.end(`in ${inCheckout(to)}`);
}
