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
remedy. It changes nothing. Exit status 1 when something needed is missing.

  --gpu    tests the graphics card instead: whether numbers, losses and memory are right, and how fast it is beside the
           processor. It sets the checkout up, brings the packages of WebGPU (57 MB to download, once), and writes
           data/cache/gpu-report.json. On a machine without Node or network: npm run gpu-bundle.`;

async function main() {
  const args = process.argv.slice(2);
  if (args.length === 1 && args[0] === "--gpu") return testCard();
  if (!takesNoOptions("npm run doctor", help, args)) return;
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

/** Loaded only here: the rest of the doctor works where nothing is set up. */
async function testCard() {
  const { testGraphicsCard } = await import("./gpu.mjs");
  process.exitCode = await testGraphicsCard();
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
