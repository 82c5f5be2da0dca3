import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/**
 * The parts of a Plotly figure's layout that a learner can use without the kernel.
 *
 * @typedef {{ active?: number, type?: "dropdown" | "buttons", buttons?: unknown[] }} Menu
 * @typedef {{ active?: number, steps?: unknown[] }} Slider
 * @typedef {{ updatemenus?: Menu[], sliders?: Slider[] }} Controls
 */

const plotly = "application/vnd.plotly.v1+json";
const answerSeconds = 10;

/** @param {unknown} what @param {string} name */
const failure = (what, name) =>
  `${name}: ${/** @type {Error} */ (what).message.split("\n")[0]?.replace(/\.?$/, ".")}`;

/**
 * What the figure shows apart from its controls and its text: the photographs, maps and curves as the page holds them.
 *
 * @param {import("playwright-core").Locator} figure
 * @returns {Promise<string>}
 */
function pictureOf(figure) {
  return figure
    .locator(".layer-below, .cartesianlayer, .layer-above")
    .evaluateAll((layers) => layers.map((layer) => layer.outerHTML).join("\n"));
}

/**
 * Waits until the picture is another one, or for the time that an answer may take.
 *
 * @param {import("playwright-core").Locator} figure
 * @param {string} before
 * @returns {Promise<boolean>} whether it changed
 */
async function changes(figure, before) {
  for (const deadline = Date.now() + answerSeconds * 1000; Date.now() < deadline; await pause(50)) {
    if ((await pictureOf(figure)) !== before) return true;
  }
  return false;
}

/**
 * The picture once it stands still, or after the time that an answer may take: a control may have set it going.
 *
 * @param {import("playwright-core").Locator} figure
 */
async function settled(figure) {
  let picture = await pictureOf(figure);
  for (const deadline = Date.now() + answerSeconds * 1000; Date.now() < deadline; ) {
    await pause(700);
    const next = await pictureOf(figure);
    if (next === picture) break;
    picture = next;
  }
  return picture;
}

/**
 * Puts the mouse on the saved picture, which makes way for the figure that can be used.
 *
 * @param {import("playwright-core").Locator} figure
 */
async function wake(figure) {
  await figure.scrollIntoViewIfNeeded();
  // The mouse itself and not `hover`, which would go on looking for the picture that has made way.
  const still = await figure.locator("img.plot-img").boundingBox();
  if (still) {
    await figure.page().mouse.move(0, 0);
    await figure.page().mouse.move(still.x + still.width / 2, still.y + still.height / 2, { steps: 3 });
  }
  const drawn = figure.locator(".plot-container .main-svg").first();
  await drawn.waitFor({ state: "visible", timeout: answerSeconds * 1000 }).catch(() => {
    throw new Error("it did not become interactive under the mouse");
  });
}

/**
 * Clicks the end of a slider's rail from which it is farther away.
 *
 * @param {import("playwright-core").Locator} figure
 * @param {number} place among the figure's sliders
 * @param {Slider} slider
 */
async function moveSlider(figure, place, { active = 0, steps = [] }) {
  const rail = figure.locator(".slider-rail-touch-rect").nth(place);
  const { width, height } = (await rail.boundingBox()) ?? { width: 0, height: 0 };
  const x = active < steps.length / 2 ? width - 4 : 4;
  await rail.click({ position: { x, y: height / 2 }, force: true, timeout: answerSeconds * 1000 });
}

/**
 * Chooses the last entry of a menu, or the first where the last one is chosen.
 *
 * @param {import("playwright-core").Locator} figure
 * @param {number} place among the figure's menus
 * @param {Menu[]} menus
 */
async function chooseEntry(figure, place, menus) {
  const { active = 0, type = "dropdown", buttons = [] } = /** @type {Menu} */ (menus[place]);
  const entry = buttons.length > 1 && active === buttons.length - 1 ? 0 : buttons.length - 1;
  const options = { force: true, timeout: answerSeconds * 1000 };
  if (type === "dropdown") {
    const before = menus.slice(0, place).filter((menu) => (menu.type ?? "dropdown") === "dropdown").length;
    await figure.locator(".updatemenu-header").nth(before).click(options);
    await figure.locator(".updatemenu-dropdown-button").nth(entry).click(options);
  } else {
    const before = menus
      .slice(0, place)
      .filter((menu) => menu.type === "buttons")
      .reduce((sum, menu) => sum + (menu.buttons?.length ?? 0), 0);
    await figure
      .locator(".updatemenu-button")
      .nth(before + entry)
      .click(options);
  }
}

/**
 * Uses every slider and every menu of one figure.
 *
 * @param {import("playwright-core").Locator} figure
 * @param {Controls} controls
 * @param {string} name of the figure, for the fault
 * @returns {Promise<string[]>} one sentence a fault
 */
async function useControls(figure, { sliders = [], updatemenus = [] }, name) {
  /** @type {string[]} */
  const faults = [];
  await wake(figure);
  const uses = [
    ...sliders.map((slider, place) => ({
      what: `slider ${place + 1} was moved`,
      use: () => moveSlider(figure, place, slider),
    })),
    ...updatemenus.map((_, place) => ({
      what: `another entry of menu ${place + 1} was chosen`,
      use: () => chooseEntry(figure, place, updatemenus),
    })),
  ];
  for (const { what, use } of uses) {
    const before = await settled(figure);
    try {
      await use();
      if (!(await changes(figure, before))) faults.push(`${name}: ${what}, and the picture stayed the same.`);
    } catch (error) {
      faults.push(failure(error, `${name}: before ${what}`));
    }
  }
  return faults;
}

/**
 * Uses the interactive figures of a notebook that was run on the page: those with sliders or menus of their own.
 *
 * @param {import("playwright-core").Page} page
 * @param {import("./notebook-rules.mjs").Notebook} notebook
 * @param {string} folder where a picture of each is put as it looks afterwards
 * @returns {Promise<string[]>} one sentence a fault
 */
export async function findInteractionFaults(page, notebook, folder) {
  const faults = [];
  const cells = page.locator(".jp-Notebook .jp-Cell");
  for (const [index, cell] of notebook.cells.entries()) {
    const figures = (cell.outputs ?? [])
      .map(({ data }) => /** @type {{ layout?: Controls } | undefined} */ (data?.[plotly]))
      .filter((figure) => figure !== undefined);
    for (const [place, { layout = {} }] of figures.entries()) {
      if (!layout.sliders?.length && !layout.updatemenus?.length) continue;
      const name = `Figure ${place + 1} of cell ${index + 1} of the page`;
      const figure = cells.nth(index).locator(".jp-RenderedPlotly").nth(place);
      faults.push(...(await useControls(figure, layout, name).catch((error) => [failure(error, name)])));
      const file = `cell-${String(index + 1).padStart(2, "0")}-used-${place + 1}.png`;
      await figure.screenshot({ path: path.join(folder, file) });
    }
  }
  return faults;
}
