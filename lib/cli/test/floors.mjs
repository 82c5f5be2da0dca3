import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import path from "node:path";
import { readNotebook } from "./notebook-rules.mjs";
import { sourcesBelow } from "./sources.mjs";

// The compiler that the notebooks' kernel carries: it finds imports as a compiler does, not as text.
const require = createRequire(import.meta.url);
const typescript = createRequire(require.resolve("tslab"))("@tslab/typescript-for-tslab");

/**
 * The folders of `lib` and the floor each stands on: a file imports from its own floor and from those below. The floors
 * below `node` are the core, which runs in any project and in a browser; `node` is the one place that touches the machine.
 */
export const floors = new Map([
  ["runtime", 0],
  ["graph", 1],
  ["weights", 1],
  ["images", 1],
  ["statistics", 1],
  ["attention", 2],
  ["datasets", 2],
  ["backbones", 3],
  ["transfer", 4],
  ["explain", 5],
  ["node", 6],
  ["experiments", 7],
  ["cli", 8],
  ["display", 8],
]);

const edgeFloor = /** @type {number} */ (floors.get("node"));

/** The library's faces stand on top of everything: they may show any part of the house, and none may lean on them. */
const faces = new Set(["index.ts", "core.ts"]);
const faceFloor = 9;

const longest = 300;
const packageName = "attention-transfer";

/** @param {string} file relative to `lib`, with forward slashes */
const roomOf = (file) => (file.includes("/") ? /** @type {string} */ (file.split("/")[0]) : "");

/** Tests start TensorFlow and read files, so they may use the edge wherever they stand. @param {string} file */
const isTest = (file) => /\.(test|test-d|fixture)\.ts$/.test(file);

/** @param {string} file relative to `lib`, with forward slashes */
const floorOf = (file) => (faces.has(file) ? faceFloor : floors.get(roomOf(file)));

/**
 * The names that a source imports or requires, in any form: `import`, `export … from`, `import()`, `require()`.
 *
 * @param {string} source
 * @returns {string[]}
 */
function importsOf(source) {
  /** @type {{ importedFiles: { fileName: string }[] }} */
  const found = typescript.preProcessFile(source, true, true);
  return found.importedFiles.map((entry) => entry.fileName);
}

/**
 * The files of a house and, for each, the files of the house that it imports.
 *
 * @param {string} lib
 * @returns {Map<string, string[]>} paths relative to `lib`, with forward slashes
 */
function readHouse(lib) {
  const files = sourcesBelow(lib)
    .filter((file) => /\.(ts|mjs|js)$/.test(file))
    .map((file) => file.replaceAll(path.sep, "/"));
  const known = new Set(files);
  const house = new Map();
  for (const file of files) {
    const targets = importsOf(readFileSync(path.join(lib, file), "utf8"))
      .filter((name) => name.startsWith("."))
      .map((name) => path.posix.join(path.posix.dirname(file), name))
      .map((name) => [name, `${name}.ts`, `${name}/index.ts`].find((candidate) => known.has(candidate)))
      .filter((target) => target !== undefined);
    house.set(file, [...new Set(targets)]);
  }
  return house;
}

/**
 * Circles in a graph, each named once: `["a", "b", "a"]`.
 *
 * @param {Map<string, Iterable<string>>} graph
 * @returns {string[][]}
 */
function findCircles(graph) {
  /** @type {string[][]} */
  const circles = [];
  const finished = new Set();
  /** @type {string[]} */
  const trail = [];
  const visit = (/** @type {string} */ node) => {
    const start = trail.indexOf(node);
    if (start >= 0) circles.push([...trail.slice(start), node]);
    if (start >= 0 || finished.has(node)) return;
    trail.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    trail.pop();
    finished.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return circles;
}

/**
 * What is wrong with the house: imports from a higher floor, circles between files or between folders, files
 * that have grown too long, and folders that are no floor.
 *
 * @param {string} lib
 * @returns {string[]} one sentence a fault
 */
export function findFloorFaults(lib) {
  const house = readHouse(lib);
  /** @type {string[]} */
  const faults = [];
  for (const entry of readdirSync(lib, { withFileTypes: true })) {
    const known = floors.has(entry.name) || entry.name === "dist" || entry.name === "node_modules";
    if (entry.isDirectory() && !known) {
      faults.push(
        `lib/${entry.name} has no place in the order of folders: move its files, or add it to floors.mjs.`,
      );
    }
  }
  /** @type {Map<string, Set<string>>} */
  const rooms = new Map();
  for (const [file, targets] of house) {
    const lines = readFileSync(path.join(lib, file), "utf8").trimEnd().split("\n").length;
    if (lines > longest) faults.push(`lib/${file} has ${lines} lines, more than ${longest}: take it apart.`);
    for (const target of targets) {
      if (isTest(file) && roomOf(target) === "node") continue;
      if ((floorOf(target) ?? 0) > (floorOf(file) ?? faceFloor)) {
        faults.push(
          `lib/${file} imports lib/${target}, which stands higher in the order of folders: move down what both need.`,
        );
      }
      if (!faces.has(file) && roomOf(file) !== roomOf(target)) {
        rooms.set(roomOf(file), (rooms.get(roomOf(file)) ?? new Set()).add(roomOf(target)));
      }
    }
  }
  for (const circle of findCircles(house)) faults.push(`Files import in a circle: ${circle.join(" → ")}.`);
  for (const circle of findCircles(rooms)) faults.push(`Folders import in a circle: ${circle.join(" → ")}.`);
  return faults;
}

/**
 * Imports of the core that would tie it to Node or to a package that it does not bring: what it computes must run in any
 * project and in a browser.
 *
 * @param {string} lib
 * @param {Iterable<string>} packages names that the core may import
 * @returns {string[]} one sentence a fault
 */
export function findCoreImportFaults(lib, packages) {
  const allowed = [...packages];
  return sourcesBelow(lib)
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => file.endsWith(".ts") && !isTest(file))
    .filter((file) => file === "core.ts" || (floorOf(file) ?? faceFloor) < edgeFloor)
    .flatMap((file) =>
      importsOf(readFileSync(path.join(lib, file), "utf8"))
        .filter((name) => !name.startsWith("."))
        .filter((name) => !allowed.some((each) => name === each || name.startsWith(`${each}/`)))
        .map((name) => `lib/${file} imports "${name}", which the core does not have: move it to lib/node.`),
    );
}

/**
 * Imports of notebooks that reach past the library's face and the packages that the project declares.
 *
 * @param {string} folder of the notebooks
 * @param {Iterable<string>} packages names that `package.json` lists
 * @returns {string[]} one sentence a fault
 */
export function findNotebookImportFaults(folder, packages) {
  const allowed = new Set([packageName, `${packageName}/display`, ...packages]);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".ipynb")) : [];
  return files.flatMap((file) => {
    return readNotebook(path.join(folder, file))
      .cells.filter((cell) => cell.cell_type === "code")
      .flatMap((cell) => importsOf([cell.source].flat().join("")))
      .filter((name) => !isBuiltin(name) && !allowed.has(name))
      .map((name) => `notebooks/${file} imports "${name}": import from "${packageName}" or from a package.`);
  });
}
