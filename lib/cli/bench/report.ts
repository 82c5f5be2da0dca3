import { markdownTable, terminalTable } from "../../display/cells/table";
import type { Row } from "../../experiments/experiment";
import { CASES } from "./cases";
import type { Outcome } from "./measure";

/** The columns of `data/reference/bench.csv`; `ratio` is the peer's time over ours: above 1 we are faster. */
export const COLUMNS = [
  "case",
  "peer",
  "ours_ms",
  "peer_ms",
  "ratio",
  "ours_peak_mb",
  "peer_peak_mb",
  "peak_ratio",
] as const;

/** One row for each peer of a case. */
export function rowsOf(name: string, { ours, peers }: Outcome): Row[] {
  return peers.map((peer) => ({
    case: name,
    peer: peer.name,
    ours_ms: ours.milliseconds.toPrecision(4),
    peer_ms: peer.milliseconds.toPrecision(4),
    ratio: (peer.milliseconds / ours.milliseconds).toFixed(3),
    ours_peak_mb: ours.megabytes?.toFixed(0) ?? "",
    peer_peak_mb: peer.megabytes?.toFixed(0) ?? "",
    peak_ratio: ours.megabytes && peer.megabytes ? (ours.megabytes / peer.megabytes).toFixed(3) : "",
  }));
}

/** Earlier rows with those of the newly timed cases in their place. */
export function withReplaced(earlier: readonly Row[], rows: readonly Row[]): Row[] {
  const newRow = (old: Row) => rows.find((row) => row.case === old.case && row.peer === old.peer);
  return earlier.map((old) => newRow(old) ?? old);
}

/** The rows as a table for a terminal. */
export function rowsTable(rows: readonly Row[]): string {
  return terminalTable(
    rows.map(({ ours_ms, peer_ms, ratio, ours_peak_mb, peer_peak_mb, ...rest }) => ({
      case: rest.case,
      peer: rest.peer,
      "ours, ms": Number(ours_ms).toFixed(1),
      "peer, ms": Number(peer_ms).toFixed(1),
      "peer ÷ ours": Number(ratio).toFixed(2),
      "peak, MB": String(ours_peak_mb),
      "peer's peak": String(peer_peak_mb),
    })),
  );
}

/** The table for `data/reference/README.md`: one line a case, and below it what it was measured on. */
export function pageTable(rows: readonly Row[], machine: readonly Row[]): string {
  const find = (name: string, peer: string) =>
    rows.find((row) => row.case === name && row.peer === peer) as Row | undefined;
  const times = (row: Row | undefined) => (row ? Number(row.ratio).toFixed(2) : "–");
  const measured = CASES.filter(({ name }) => find(name, "PyTorch"));
  const lines = measured.map(({ name, title }) => {
    const tuned = find(name, "PyTorch")!;
    return {
      case: title,
      ours: duration(Number(tuned.ours_ms)),
      PyTorch: duration(Number(tuned.peer_ms)),
      "PyTorch ÷ ours": times(tuned),
      "default allocator ÷ ours": times(find(name, "PyTorch, default allocator")),
      "onnxruntime ÷ ours": times(find(name, "onnxruntime")),
      "peak memory, MB": tuned.peak_ratio === "" ? "–" : `${tuned.ours_peak_mb} / ${tuned.peer_peak_mb}`,
    };
  });
  const versions = machine.map(({ what, value }) => (what === "processor" ? value : `${what} ${value}`));
  return `${markdownTable(lines)}\n\nMeasured on ${versions.join(", ")}.`;
}

function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toPrecision(3)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
}
