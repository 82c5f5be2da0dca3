import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { childEnvironment } from "./child-environment.cjs";
import { libraryFolder, root } from "./places.mjs";

test("what leads Python, Jupyter, pip and Node elsewhere is left out; registries, proxies and the rest stay", () => {
  const foreign = {
    PYTHONPATH: "/a",
    PYTHONHOME: "/a",
    PYTHONSTARTUP: "/a",
    PYTHONUSERBASE: "/a",
    PYTHONNOUSERSITE: "1",
    JUPYTER_PATH: "/a",
    JUPYTER_CONFIG_DIR: "/a",
    JUPYTER_DATA_DIR: "/a",
    JUPYTERLAB_DIR: "/a",
    IPYTHONDIR: "/a",
    VIRTUAL_ENV: "/a",
    CONDA_PREFIX: "/a",
    PIP_TARGET: "/a",
    PIP_PREFIX: "/a",
    PIP_USER: "1",
    PIP_REQUIRE_VIRTUALENV: "1",
    PIP_CONSTRAINT: "/a",
    NODE_PATH: "/a",
  };
  const own = {
    PIP_INDEX_URL: "https://example.org/simple",
    PIP_EXTRA_INDEX_URL: "https://example.org/more",
    PIP_CERT: "/a.pem",
    PIP_PROXY: "http://example.org",
    HTTPS_PROXY: "http://example.org",
    PYTHON: "/usr/bin/python3",
    NODE_EXTRA_CA_CERTS: "/a.pem",
    PATH: "/bin",
    CONDA_EXE: "/a",
  };
  assert.deepEqual(childEnvironment({}, { ...foreign, ...own }), own);
  assert.deepEqual(childEnvironment({ PIP_USER: "0", PATH: undefined }, { PIP_USER: "1", PATH: "/bin" }), {
    PIP_USER: "0",
    PATH: undefined,
  });
});

/** @type {string} */
let folder;
/** @type {NodeJS.ProcessEnv} an environment in which everything leads astray */
let hostile;

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), "foreign-"));
  /** @param {string} name @param {string} content */
  const write = (name, content) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return path.dirname(file);
  };
  const modules = write("python/traitlets.py", 'raise ImportError("a foreign traitlets")\n');
  write("python/sitecustomize.py", 'raise SystemExit("a foreign sitecustomize")\n');
  const config = write("config/jupyter_server_config.py", 'raise RuntimeError("a foreign setting")\n');
  write("config/jupyter_config.json", "{ broken");
  write("data/kernels/tslab/kernel.json", '{ "argv": ["false"], "display_name": "no", "language": "no" }');
  // Only kernels stumble over it: Node itself, and so npm, would not even start with one that always throws.
  write("node/hook.cjs", 'if (/kernel[.]cjs$/.test(process.argv[1])) throw new Error("a foreign hook");\n');
  hostile = {
    ...process.env,
    PYTHONPATH: modules,
    PYTHONHOME: path.join(folder, "nowhere"),
    JUPYTER_PATH: path.join(folder, "data"),
    JUPYTER_DATA_DIR: path.join(folder, "data"),
    JUPYTER_CONFIG_DIR: config,
    JUPYTER_CONFIG_PATH: config,
    VIRTUAL_ENV: folder,
    PIP_REQUIRE_VIRTUALENV: "1",
    PIP_TARGET: folder,
    NODE_OPTIONS: `--require ${path.join(folder, "node", "hook.cjs")}`,
  };
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** @param {string[]} parameters of Node */
function runHostile(parameters) {
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
    cwd: root,
    encoding: "utf8",
    env: hostile,
    timeout: 240_000,
  });
  return { status, text: stdout + stderr };
}

test("the user's own Python packages and Jupyter settings change nothing in the lab", () => {
  const { status, text } = runHostile([path.join(libraryFolder, "cli", "lab", "main.mjs"), "--version"]);
  assert.equal(status, 0, text);
  assert.match(text, /^\d+\.\d+\.\d+\n$/);
});

test("the doctor finds Python and JupyterLab sound beside them", () => {
  const { text } = runHostile([path.join(libraryFolder, "cli", "doctor", "main.mjs")]);
  assert.match(text, /^ok +Python /m);
  assert.match(text, /^ok +JupyterLab +\d/m);
  assert.doesNotMatch(text, /foreign/);
});

test("a notebook runs beside them, in this checkout's kernel", () => {
  const notebook = path.join(folder, "sound.ipynb");
  const cell = { cell_type: "code", id: "a", metadata: {}, execution_count: null, outputs: [] };
  const metadata = { kernelspec: { name: "tslab", display_name: "", language: "typescript" } };
  writeFileSync(
    notebook,
    JSON.stringify({
      cells: [{ ...cell, source: "console.log(6 * 7);" }],
      metadata,
      nbformat: 4,
      nbformat_minor: 5,
    }),
  );
  const program = `import(${JSON.stringify(path.join(libraryFolder, "cli", "test", "notebook-run.mjs"))})
    .then(({ runNotebook }) => runNotebook(${JSON.stringify(notebook)}))
    .then(({ faults, executed }) => console.log(JSON.stringify({ faults, printed: /42/.test(executed) })));`;
  const { text } = runHostile(["--input-type=module", "-e", program]);
  assert.deepEqual(JSON.parse(text), { faults: [], printed: true });
});
