// `npm run lab`: this checkout's JupyterLab, reachable from this machine alone, at the first notebook.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { childEnvironment } from "../setup/child-environment.cjs";
import { notebooksFolder, root, venv, venvPython } from "../setup/places.mjs";

const help = `npm run lab: sets the checkout up and opens its notebooks in JupyterLab. Ctrl-C ends it.

It listens on 127.0.0.1 alone and asks for the token that is part of the address it prints. Options go on to
JupyterLab, for instance:

  npm run lab -- --no-browser --port 8899
  npm run lab -- notebooks/02-feature-extraction.ipynb`;

/** Settings, workspaces and run-time files lie in .venv: your own Jupyter neither disturbs this one nor is changed. */
function environment() {
  const own = path.join(venv, "jupyter");
  return childEnvironment({
    JUPYTER_CONFIG_DIR: path.join(own, "config"),
    JUPYTER_DATA_DIR: path.join(own, "data"),
    JUPYTER_RUNTIME_DIR: path.join(own, "runtime"),
    IPYTHONDIR: path.join(own, "ipython"),
    JUPYTER_PREFER_ENV_PATH: "1",
  });
}

/** @returns {string} the page that opens */
function firstPage() {
  if (!fs.existsSync(notebooksFolder)) return "/lab";
  const first = fs
    .readdirSync(notebooksFolder)
    .filter((file) => file.endsWith(".ipynb"))
    .sort()[0];
  return first ? `/lab/tree/${path.basename(notebooksFolder)}/${encodeURIComponent(first)}` : "/lab";
}

function labArguments() {
  return [
    ...["-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", "--ServerApp.answer_yes=True"],
    ...[`--ServerApp.root_dir=${root}`, `--FileContentsManager.preferred_dir=${notebooksFolder}`],
    ...[`--LabApp.default_url=${firstPage()}`, "--MultiKernelManager.default_kernel_name=tslab"],
    // Only what a reader needs: the address, warnings, errors; and no search for extensions or language servers.
    ...[
      "--log-level=WARN",
      "--LabApp.extension_manager=readonly",
      "--LanguageServerManager.autodetect=False",
    ],
    // In a container everyone is root, and Jupyter then refuses to start.
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
}

const given = process.argv.slice(2);
if (given.includes("--help") || given.includes("-h")) {
  console.log(help);
} else {
  const lab = spawn(venvPython, [...labArguments(), ...given], {
    cwd: root,
    env: environment(),
    stdio: "inherit",
  });
  // Ctrl-C reaches JupyterLab by itself, which then ends its kernels; this process waits for that.
  process.on("SIGINT", () => {});
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"]))
    process.on(signal, () => lab.kill(signal));
  lab.on("error", (error) => {
    console.error(
      `JupyterLab could not be started (${error.message}); \`npm run doctor\` shows what is missing.`,
    );
    process.exitCode = 1;
  });
  lab.on("close", (status) => {
    process.exitCode = status ?? 1;
  });
}
