// The acceptance test of a graphics card: `node main.js [FILE]`, in a checkout `npm run doctor -- --gpu`. It needs no
// network and writes a report as JSON.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { BackendName } from "../../../node/start-tensorflow";
import { UserError } from "../../../runtime/user-error";
import { runMain } from "../../run-main";
import { makeReport } from "./report";
import type { Part, SideResult } from "./side";
import { describeReport } from "./text";

/** The bundle's folder; in a checkout it holds none of the bundle's files. */
const packedFolder = path.resolve(__dirname, "..", "..", "..", "..");

async function main(): Promise<void> {
  const file = path.resolve(process.argv[2] ?? "gpu-report.json");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gpu-report-"));
  try {
    const side = (backend: BackendName, ...parts: Part[]) => runSide(folder, backend, parts);
    console.error("Looking at the card: numbers, losses and memory …");
    const looking = side("webgpu", "checks", "losses", "memory");
    const reference = packedReference() ?? (await computeReference(side));
    const card = await looking;
    if (!card.result) throw new UserError(card.complaint);
    console.error("Timing the card …");
    const speeds = await side("webgpu", "speeds");
    console.error("Timing the processor …");
    const isHere = packedReference() === undefined && reference.runtime.backend === "native";
    const timed = [await side(isHere ? "native" : "wasm", "speeds")];
    const report = makeReport(
      {
        card: { ...card.result, speeds: speeds.result?.speeds },
        endedCleanly: card.status === 0 && speeds.status === 0,
        reference,
        timed: timed.flatMap(({ result }) => (result ? [result] : [])),
      },
      { date: new Date().toISOString(), version: version(), system: system() },
    );
    fs.writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`);
    for (const { complaint } of [card, speeds]) if (complaint) console.error(complaint);
    console.log(`${describeReport(report)}\n\nThe whole report is in ${file}.`);
    if (!report.passed) process.exitCode = 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** What came of a side: what it found up to its end, how it ended, and what it complained of. */
interface Ended {
  result?: SideResult;
  status: number | null;
  complaint: string;
}

type Side = (backend: BackendName, ...parts: Part[]) => Promise<Ended>;

/** The side of TensorFlow's own kernels, where they are; plain JavaScript is slow and right. */
async function computeReference(side: Side): Promise<SideResult> {
  const native = await side("native", "checks", "losses");
  if (native.result) return native.result;
  console.error(
    "TensorFlow's own kernels are not here; plain JavaScript is the reference, which takes minutes …",
  );
  const plain = await side("cpu", "checks", "losses");
  if (!plain.result) throw new Error(plain.complaint);
  return plain.result;
}

/** What TensorFlow's own kernels gave where the bundle was packed. */
function packedReference(): SideResult | undefined {
  const place = path.join(packedFolder, "reference.json");
  return fs.existsSync(place) ? (JSON.parse(fs.readFileSync(place, "utf8")) as SideResult) : undefined;
}

/** What the libraries always say. */
const always = /absl::InitializeLog|oneDNN custom operations|artificially reduced|^\s*$/;

async function runSide(folder: string, backend: BackendName, parts: readonly Part[]): Promise<Ended> {
  const file = path.join(folder, `${backend}-${parts.join("-")}.json`);
  const child = spawn(process.execPath, [path.join(__dirname, "side.js"), backend, parts.join(), file], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4000);
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const lines = said.split("\n").filter((line) => !always.test(line));
  const complaint = lines.join("\n");
  if (!fs.existsSync(file)) return { status, complaint };
  return { status, complaint, result: JSON.parse(fs.readFileSync(file, "utf8")) as SideResult };
}

function version(): string {
  const place = path.join(packedFolder, "VERSION");
  return fs.existsSync(place) ? fs.readFileSync(place, "utf8").trim() : "of the checkout";
}

function system(): Record<string, string> {
  const processor = os.cpus()[0]?.model.trim() ?? "unknown";
  return {
    system: `${os.type()} ${os.release()} ${process.arch}`,
    processor: `${os.availableParallelism()} threads of ${processor}`,
    memory: `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`,
    ...driver(),
  };
}

/** The version of NVIDIA's driver, where that tells. */
function driver(): Record<string, string> {
  const place = "/proc/driver/nvidia/version";
  if (!fs.existsSync(place)) return {};
  const found = fs.readFileSync(place, "utf8").match(/\d+\.\d+(\.\d+)?/);
  return found ? { driver: `NVIDIA ${found[0]}` } : {};
}

runMain(main);
