import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { childEnvironment } from "../setup/child-environment.cjs";
import { libraryFolder, root } from "../setup/places.mjs";
import { installWebGpu } from "../webgpu/install.mjs";
import { findChromium } from "./chromium.mjs";
import { sourcesBelow } from "./sources.mjs";
import { failed, quietEnvironment } from "./stage.mjs";

/** Where Debian keeps what belongs to its `chromium`, which is a script. */
const debianFolder = "/usr/lib/chromium";

/**
 * SwiftShader, a driver for Vulkan that computes on the processor: Chromium and Chrome bring it with a loader, so that
 * nothing has to be installed.
 *
 * @returns {Record<string, string> | undefined} the variables with which it is found
 */
function softwareDriver() {
  if (process.env.VK_DRIVER_FILES) return {};
  const browser = findChromium();
  const folders = [
    ...(browser && existsSync(browser) ? [path.dirname(realpathSync(browser))] : []),
    debianFolder,
  ];
  const folder = folders.find((each) =>
    ["libvulkan.so.1", "vk_swiftshader_icd.json"].every((file) => existsSync(path.join(each, file))),
  );
  if (!folder) return undefined;
  return { LD_LIBRARY_PATH: folder, VK_DRIVER_FILES: path.join(folder, "vk_swiftshader_icd.json") };
}

/**
 * The tests that take a WebGPU adapter, on one that computes on the processor. Among the unit tests they are skipped where
 * no adapter is; here a test that is skipped for that reason has failed.
 *
 * @returns {Promise<import("./stage.mjs").Outcome>}
 */
export async function checkWebGpu() {
  const nothing = { passed: 0, failed: 0 };
  if (process.platform !== "linux" || process.arch !== "x64")
    return { ...nothing, skipped: "a software adapter is looked for on Linux x64 only" };
  const driver = softwareDriver();
  if (!driver)
    return {
      ...nothing,
      skipped: "no software driver for Vulkan is here; Chromium brings one, or VK_DRIVER_FILES names one",
    };
  await installWebGpu();
  const files = sourcesBelow(libraryFolder)
    .filter((file) => file.includes(`webgpu${path.sep}`) && file.endsWith(".test.ts"))
    .map((file) => path.join("lib", "dist", file.replace(/\.ts$/, ".js")));
  const child = spawn(process.execPath, ["--test", "--test-reporter=tap", ...files], {
    cwd: root,
    env: childEnvironment({ ...quietEnvironment, ...driver }),
  });
  let report = "";
  child.stdout.on("data", (piece) => {
    report += piece;
  });
  child.stderr.resume();
  await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const countOf = (/** @type {string} */ name) =>
    Number(report.match(new RegExp(`^# ${name} (\\d+)$`, "m"))?.[1] ?? 0);
  const withoutAdapter = report.match(/# SKIP .*(WebGPU needs|No WebGPU adapter)/g)?.length ?? 0;
  const failures = countOf("fail") + countOf("cancelled") + withoutAdapter;
  const passes = countOf("pass");
  if (failures > 0 || passes === 0) console.log(report.trimEnd());
  return passes === 0 ? failed : { passed: passes, failed: failures };
}
