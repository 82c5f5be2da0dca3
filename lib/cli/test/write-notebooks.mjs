// `npm run notebooks`: executes the notebooks and writes their outputs into them, ready to be committed.
import { listNotebooks, writeNotebooks } from "./notebooks.mjs";

const usage = `npm run notebooks              executes every notebook and writes its outputs into it
npm run notebooks -- 01 03     only those whose names begin so`;

const beginnings = process.argv.slice(2);
const names = listNotebooks();
const chosen = names.filter(
  (name) => beginnings.length === 0 || beginnings.some((start) => name.startsWith(start)),
);
const help = beginnings.some((given) => given === "--help" || given === "-h");
const unknown = beginnings.find((start) => !names.some((name) => name.startsWith(start)));
if (help) {
  console.log(usage);
} else if (unknown !== undefined) {
  console.error(`No notebook's name begins with "${unknown}": there are ${names.join(", ") || "none"}.`);
  process.exitCode = 1;
} else {
  const { passed, failed } = await writeNotebooks(chosen);
  console.log(`${passed} written, ${failed} left as they were`);
  if (failed > 0) process.exitCode = 1;
}
