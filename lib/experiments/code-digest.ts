import * as fs from "node:fs";
import * as path from "node:path";
import { parse, type Token } from "acorn";
import { sha256 } from "../runtime/sha256";

/** A compiled module: the digest of its code, and the modules of the library that it requires. */
interface Module {
  digest: string;
  requires: string[];
}

const library = path.join(__dirname, "..");
const modules = new Map<string, Module>();

/**
 * A digest of the compiled code that decides the digits of a run, for its config: when that code changes, old records are
 * no longer found and the runs are made again.
 *
 * It covers the modules that compute, and all modules of the library that these require, directly or through others.
 * Comments, empty lines and source maps don't count, nor do types, which are not in the compiled code. What another
 * package computes does not show here; the lock file and the run's config name its version.
 *
 * @param entries the modules that compute, relative to the library and without ending, such as `transfer/extract`
 */
export function codeDigest(entries: readonly string[]): string {
  const reached = new Map<string, string>();
  const open = entries.map((entry) => `${entry}.js`);
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    const { digest, requires } = readModule(file);
    reached.set(file, digest);
    open.push(...requires);
  }
  const lines = [...reached].map(([file, digest]) => `${file} ${digest}`).sort();
  return sha256(lines.join("\n")).slice(0, 16);
}

/** @param file relative to the library, with forward slashes */
function readModule(file: string): Module {
  const known = modules.get(file);
  if (known) return known;
  const source = fs.readFileSync(path.join(library, file), "utf8");
  // Read as tokens by a parser: a comment is told from the text of a string, a template or a pattern.
  const tokens: Token[] = [];
  parse(source, { ecmaVersion: 2022, sourceType: "script", onToken: tokens });
  const requires = requiredNames(source, tokens)
    .filter((name) => name.startsWith("."))
    .map((name) => resolve(path.posix.join(path.posix.dirname(file), name)));
  const code = tokens.map(({ start, end }) => source.slice(start, end)).join("\n");
  const read = { digest: sha256(code), requires };
  modules.set(file, read);
  return read;
}

/** The file that `require` takes for a name without ending. */
function resolve(name: string): string {
  const candidates = [name, `${name}.js`, `${name}/index.js`];
  const found = candidates.find((candidate) =>
    fs.statSync(path.join(library, candidate), { throwIfNoEntry: false })?.isFile(),
  );
  if (found === undefined) throw new Error(`${name} is required but is not in ${library}.`);
  return found;
}

/** The names given to `require("…")`. */
function requiredNames(source: string, tokens: readonly Token[]): string[] {
  const text = (token?: Token) => token && source.slice(token.start, token.end);
  return tokens.flatMap((token, i) => {
    const called = text(token) === "require" && text(tokens[i + 1]) === "(" && text(tokens[i + 3]) === ")";
    const name = tokens[i + 2];
    return called && name?.type.label === "string" ? [(name as Token & { value: string }).value] : [];
  });
}
