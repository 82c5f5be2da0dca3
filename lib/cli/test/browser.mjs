import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { notebooksFolder, root } from "../setup/places.mjs";
import { findChromium } from "./chromium.mjs";
import { findInteractionFaults } from "./interactive.mjs";
import { startLab } from "./lab-server.mjs";
import { findOutputFaults } from "./notebook-rules.mjs";
import { limitSeconds } from "./notebook-run.mjs";
import { examineEach, listNotebooks } from "./notebooks.mjs";

/** Pictures of what a learner sees, to be looked at; ignored by git. */
const picturesFolder = path.join(root, "data", "cache", "browser");
/** Formulas and a slider; photographs, sliders and menus. */
const quickSet = /^(01|06)-/;
const openingSeconds = 60;
const drawingSeconds = 30;

/**
 * The part of JupyterLab's own application object that is used here, which `expose_app_in_browser` puts on the page.
 *
 * @typedef {object} Lab
 * @property {{ currentWidget?: NotebookPanel }} shell
 * @property {{ execute: (command: string) => Promise<unknown> }} commands
 *
 * @typedef {object} NotebookPanel
 * @property {{ path: string, ready: Promise<void> }} context
 * @property {{ ready: Promise<void>, session: { kernel: unknown } | null }} sessionContext
 * @property {{ model: { toJSON: () => import("./notebook-rules.mjs").Notebook } }} content
 */

/**
 * Opens a notebook, runs all its cells as the menu's "Run All Cells" does, and returns it as it came out.
 *
 * @param {import("playwright-core").Page} page
 * @param {import("./lab-server.mjs").LabServer} lab
 * @param {string} name
 * @returns {Promise<import("./notebook-rules.mjs").Notebook>}
 */
async function runAll(page, lab, name) {
  const file = `notebooks/${name}`;
  await page.goto(`${lab.address}lab/tree/${file}?reset&token=${lab.token}`);
  const open = page.waitForFunction(
    (wanted) => {
      const { jupyterapp } = /** @type {{ jupyterapp?: Lab }} */ (globalThis);
      const panel = jupyterapp?.shell.currentWidget;
      return panel?.context?.path === wanted && panel.sessionContext.session?.kernel;
    },
    file,
    { timeout: openingSeconds * 1000 },
  );
  await open.catch(() => {
    throw new Error(`It did not open with a kernel within ${openingSeconds} s.`);
  });
  return page.evaluate(async () => {
    const { jupyterapp } = /** @type {{ jupyterapp: Lab }} */ (/** @type {unknown} */ (globalThis));
    const panel = /** @type {NotebookPanel} */ (jupyterapp.shell.currentWidget);
    await panel.context.ready;
    await panel.sessionContext.ready;
    await jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
    await jupyterapp.commands.execute("notebook:run-all-cells");
    return panel.content.model.toJSON();
  });
}

/**
 * Waits until every figure of the executed notebook is drawn on the page.
 *
 * @param {import("playwright-core").Page} page
 * @param {import("./notebook-rules.mjs").Notebook} notebook
 * @returns {Promise<string[]>} one sentence a fault
 */
async function findPageFaults(page, notebook) {
  const expected = notebook.cells.map(
    (cell) => (cell.outputs ?? []).filter((output) => Object.keys(output.data ?? {}).some(isFigure)).length,
  );
  const faults = expected.some((count) => count > 0) ? [] : ["It shows no figure."];
  const cells = page.locator(".jp-Notebook .jp-Cell");
  for (const [index, count] of expected.entries()) {
    if (count === 0) continue;
    const drawn = await untilDrawn(cells.nth(index), count);
    if (drawn < count) faults.push(`Cell ${index + 1} of the page shows ${drawn} of its ${count} figures.`);
  }
  // MathJax sets a broken formula as an error, and a command that it does not know in red.
  const formulas = await page.locator(".jp-Notebook").locator('mjx-merror, mjx-mtext[style*="red"]').count();
  if (formulas > 0) faults.push(`Formulas that can't be typeset: ${formulas}.`);
  return faults;
}

/** @param {string} type a MIME type */
const isFigure = (type) => type.startsWith("image/") || type === "application/vnd.plotly.v1+json";

/**
 * @param {import("playwright-core").Locator} cell
 * @param {number} count
 * @returns {Promise<number>} figures with something in them, after waiting for `count` of them
 */
async function untilDrawn(cell, count) {
  let drawn = 0;
  for (const deadline = Date.now() + drawingSeconds * 1000; Date.now() < deadline; await pause(100)) {
    drawn = await cell.locator(".jp-OutputArea-output").evaluateAll(
      (outputs) =>
        outputs.filter((output) => {
          if (output.querySelector(".js-plotly-plot .main-svg")) return true;
          const image = output.querySelector("img");
          return image ? image.naturalWidth > 0 : output.querySelector("svg") !== null;
        }).length,
    );
    if (drawn >= count) break;
  }
  return drawn;
}

/**
 * Photographs every cell that shows a figure.
 *
 * @param {import("playwright-core").Page} page
 * @param {import("./notebook-rules.mjs").Notebook} notebook
 * @param {string} folder
 */
async function takePictures(page, notebook, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [index, cell] of notebook.cells.entries()) {
    const figures = (cell.outputs ?? []).some((output) => Object.keys(output.data ?? {}).some(isFigure));
    if (!figures) continue;
    const file = path.join(folder, `cell-${String(index + 1).padStart(2, "0")}.png`);
    await page.locator(".jp-Notebook .jp-Cell").nth(index).screenshot({ path: file });
  }
}

/**
 * @template Result
 * @param {Promise<Result>} work
 * @returns {Promise<Result>}
 */
function withinLimit(work) {
  const late = pause(limitSeconds * 1000, undefined, { ref: false }).then(() => {
    throw new Error(`It was not done after ${limitSeconds} s.`);
  });
  return Promise.race([work, late]);
}

/**
 * @param {import("playwright-core").BrowserContext} context
 * @param {import("./lab-server.mjs").LabServer} lab
 * @param {string} name
 * @returns {Promise<string[]>} one text a fault
 */
async function checkInLab(context, lab, name) {
  const file = path.join(notebooksFolder, name);
  const before = readFileSync(file);
  const page = await context.newPage();
  try {
    const notebook = await withinLimit(runAll(page, lab, name));
    const faults = [...findOutputFaults(notebook), ...(await findPageFaults(page, notebook))];
    const pictures = path.join(picturesFolder, path.parse(name).name);
    await takePictures(page, notebook, pictures);
    faults.push(...(await findInteractionFaults(page, notebook, pictures)));
    if (!readFileSync(file).equals(before))
      faults.push("JupyterLab wrote into it although nothing was saved.");
    return faults;
  } finally {
    // The next notebook shall not share the processors with this one's kernel.
    await lab.endKernels();
    await page.close();
  }
}

/**
 * Opens notebooks in the project's JupyterLab in a browser without a window, runs all cells, and checks that
 * nothing fails, every figure is drawn and changes when its sliders and menus are used, with no address but this machine's in reach. Nothing is saved.
 *
 * @param {import("./stage.mjs").Scope} scope every notebook, or a few that between them show what a page can hold
 * @returns {Promise<import("./stage.mjs").Outcome>}
 */
export async function checkNotebooksInBrowser({ all }) {
  const program = findChromium();
  if (!program) {
    return {
      passed: 0,
      failed: 0,
      skipped: "no Chromium or Chrome was found (install one, or name it in CHROME_PATH)",
    };
  }
  const { chromium } = await import("playwright-core");
  const lab = await startLab();
  // Chromium refuses its sandbox to the superuser, who is the user of most containers.
  const browser = await chromium.launch({
    executablePath: program,
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 1600 } });
    await context.route(
      (address) => address.hostname !== "127.0.0.1" && address.protocol.startsWith("http"),
      (route) => route.abort(),
    );
    const names = listNotebooks().filter((name) => all || quickSet.test(name));
    const outcome = await examineEach(names, (name) => checkInLab(context, lab, name));
    console.log(`Pictures of what they show: ${path.relative(root, picturesFolder)}`);
    return outcome;
  } finally {
    await browser.close();
    await lab.stop();
  }
}
