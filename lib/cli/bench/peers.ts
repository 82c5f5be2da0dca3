import { execFile, spawnSync } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { projectFolder } from "../../node/files";
import { UserError } from "../../runtime/user-error";
import type { PeerName } from "./cases";
import type { Job } from "./job";
import type { Command } from "./side";

/**
 * Settings of glibc's allocator with which PyTorch keeps the memory that it has used, instead of giving it back to
 * the system and having it cleared at every call. Elsewhere than on Linux they mean nothing.
 */
const TUNED_ALLOCATOR = {
  MALLOC_MMAP_THRESHOLD_: "4294967296",
  MALLOC_TRIM_THRESHOLD_: "8589934592",
  MALLOC_TOP_PAD_: "268435456",
};

/** Takes such settings away, should the bench itself have been started with them. */
const DEFAULT_ALLOCATOR = Object.fromEntries(Object.keys(TUNED_ALLOCATOR).map((name) => [name, undefined]));

/** The environment of a peer's Python; set-up's function is plain JavaScript, which runs before anything is compiled. */
function pythonEnvironment(own: Environment): Environment {
  const file = path.join(projectFolder(), "lib", "cli", "setup", "child-environment.cjs");
  const { childEnvironment } = require(file) as { childEnvironment: (own: Environment) => Environment };
  // No compiled files beside the sources.
  return childEnvironment({ PYTHONUTF8: "1", PYTHONDONTWRITEBYTECODE: "1", ...own });
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Peers that make sense on this system: the allocator's settings are glibc's. */
export function availablePeers(peers: readonly PeerName[]): PeerName[] {
  return peers.filter((peer) => peer !== "PyTorch, default allocator" || process.platform === "linux");
}

/** How this library's side is started. */
export function ourCommand(job: Job): Command {
  return {
    program: process.execPath,
    args: [path.join(__dirname, "ours", "main.js"), JSON.stringify(job)],
    env: { ...process.env, ...DEFAULT_ALLOCATOR, TF_NUM_INTRAOP_THREADS: String(job.threads) },
  };
}

/** How a peer is started. */
export function peerCommand(peer: PeerName, job: Job): Command {
  const script = peer === "onnxruntime" ? "onnxruntime_peer.py" : "pytorch_peer.py";
  return {
    program: peersPython(),
    args: [path.join(peersFolder(), script), JSON.stringify(job)],
    env: pythonEnvironment(peer === "PyTorch" ? TUNED_ALLOCATOR : DEFAULT_ALLOCATOR),
  };
}

/**
 * Installs the peers where they are missing.
 * @throws UserError when they can't be installed; the installer has said why.
 */
export function installPeers(): void {
  const installer = path.join(projectFolder(), "lib", "cli", "bench", "install-peers.mjs");
  const { status } = spawnSync(process.execPath, [installer], { stdio: "inherit" });
  if (status !== 0) throw new UserError("Without its peers there is nothing to compare with.");
}

/**
 * Writes EfficientNet-Lite0 as an ONNX file, for onnxruntime.
 * @throws UserError when the peers' environment is damaged.
 */
export async function exportOnnx(file: string): Promise<void> {
  const script = path.join(peersFolder(), "export_onnx.py");
  try {
    await promisify(execFile)(peersPython(), [script, file], { env: pythonEnvironment({}) });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const why = (stderr || message).trim().split("\n").at(-1);
    throw new UserError(
      `PyTorch could not write the network for onnxruntime (${why}). If the folder .venv-bench is damaged, delete it and run the command again.`,
    );
  }
}

function peersFolder(): string {
  return path.join(projectFolder(), "lib", "cli", "bench", "peers");
}

function peersPython(): string {
  const environment = path.join(projectFolder(), ".venv-bench");
  return process.platform === "win32"
    ? path.join(environment, "Scripts", "python.exe")
    : path.join(environment, "bin", "python");
}
