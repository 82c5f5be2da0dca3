// `npm run doctor`: what is here, what computes, and what is missing with its remedy. It changes nothing and
// works in a bare clone too.
import { takesNoOptions } from "../setup/no-options.mjs";
import { environmentFindings } from "./environment.mjs";
import { machineFindings } from "./machine.mjs";
import { projectFindings } from "./project.mjs";

/**
 * @typedef {object} Finding
 * @property {string} subject
 * @property {string} value
 * @property {string} [missing] what to do about something that is needed and not there
 * @property {string} [note] what could be better
 */

const help = `npm run doctor: reports backend, device, versions, threads, weights and data, and what is missing with its
remedy. It changes nothing. Exit status 1 when something needed is missing.`;

async function main() {
  if (!takesNoOptions("npm run doctor", help, process.argv.slice(2))) return;
  /** @type {Finding[]} */
  const all = [];
  for (const look of [machineFindings, environmentFindings, projectFindings]) {
    for await (const finding of look()) {
      all.push(finding);
      const mark = finding.missing ? "missing" : finding.note ? "note" : "ok";
      console.log(`${mark.padEnd(8)} ${finding.subject.padEnd(16)} ${finding.value}`);
    }
  }
  conclude(all);
}

/** @param {Finding[]} findings */
function conclude(findings) {
  const notes = findings.flatMap(({ subject, note }) => (note ? [`${subject}: ${note}`] : []));
  const missing = findings.filter((finding) => finding.missing);
  if (notes.length > 0) console.log(`\nCould be better:\n${list(notes)}`);
  if (missing.length === 0) {
    console.log("\nEverything needed is here.");
    return;
  }
  const remedies = [...new Set(missing.map((finding) => /** @type {string} */ (finding.missing)))];
  console.log(
    `\nMissing: ${missing.map((finding) => finding.subject.trim()).join(", ")}. What to do:\n${list(remedies)}`,
  );
  process.exitCode = 1;
}

/** @param {string[]} lines */
function list(lines) {
  return lines.map((line) => `  ${line}`).join("\n");
}

await main();
