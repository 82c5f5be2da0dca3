import assert from "node:assert/strict";
import { copyFileSync, createReadStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { libraryFolder, nodeModules } from "../../setup/places.mjs";

const types = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript"],
  [".json", "application/json"],
  [".wasm", "application/wasm"],
]);

/** How far a number may be from PyTorch's, relative to the larger of 1 and its size. */
const tolerance = 1e-5;

/**
 * Bundles a compiled-checked page for a browser and puts beside it what it loads.
 *
 * @param {string} project with page.ts, where the packed library is found
 * @returns {Promise<{ site: string, bytes: number }>} the folder to serve, and the size of the page's code
 */
export async function bundlePage(project) {
  const site = path.join(project, "site");
  mkdirSync(path.join(site, "wasm"), { recursive: true });
  const { build } = await import("esbuild");
  const { metafile } = await build({
    entryPoints: [path.join(project, "page.ts")],
    outfile: path.join(site, "page.js"),
    absWorkingDir: project,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    metafile: true,
    logLevel: "error",
  });
  const own = Object.entries(metafile.outputs["site/page.js"]?.inputs ?? {}).filter(([file]) =>
    file.includes("node_modules/attention-transfer/"),
  );
  assert.ok(own.length > 0, "the bundle holds nothing of the library");
  const copies = own.filter(([file]) => !file.includes("/dist/esm/"));
  assert.deepEqual(copies, [], "the bundle took the library's CommonJS files, or holds it twice");
  writeFileSync(
    path.join(site, "index.html"),
    '<!doctype html><meta charset="utf-8"><title>attention</title><script type="module" src="page.js"></script>',
  );
  copyFileSync(
    path.join(libraryFolder, "attention", "goldens", "additive.json"),
    path.join(site, "additive.json"),
  );
  const wasm = path.join(nodeModules, "@tensorflow", "tfjs-backend-wasm", "dist");
  for (const kind of ["", "-simd", "-threaded-simd"])
    copyFileSync(
      path.join(wasm, `tfjs-backend-wasm${kind}.wasm`),
      path.join(site, "wasm", `tfjs-backend-wasm${kind}.wasm`),
    );
  return { site, bytes: own.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0) };
}

/**
 * Serves a folder on this machine, and nothing outside it.
 *
 * @param {string} folder
 * @returns {Promise<{ address: string, close: () => void }>}
 */
async function serve(folder) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const file = path.join(folder, pathname === "/" ? "index.html" : path.normalize(pathname));
    if (!file.startsWith(folder) || !existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": types.get(path.extname(file)) ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/**
 * Opens the page in a browser and compares what it computed with the committed values.
 *
 * @param {string} site
 * @param {string} program the browser
 * @returns {Promise<{ cases: number, furthest: number }>}
 */
export async function openPage(site, program) {
  const { chromium } = await import("playwright-core");
  const { address, close } = await serve(site);
  const browser = await chromium.launch({
    executablePath: program,
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    const page = await browser.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(address);
    await page.waitForFunction(() => "checked" in globalThis, undefined, { timeout: 60_000 });
    /** @type {{ error?: string, backend: string, cases: { name: string, found: Record<string, number> }[] }} */
    const result = await page.evaluate(() => /** @type {any} */ (globalThis).checked);
    assert.equal(result.error, undefined);
    assert.deepEqual(complaints, []);
    assert.equal(result.backend, "wasm");
    assert.ok(result.cases.length > 0);
    for (const { name, found } of result.cases)
      for (const [what, difference] of Object.entries(found))
        assert.ok(difference <= tolerance, `${name}: ${what} differs by ${difference}`);
    const furthest = Math.max(...result.cases.flatMap(({ found }) => Object.values(found)));
    return { cases: result.cases.length, furthest };
  } finally {
    await browser.close();
    close();
  }
}
