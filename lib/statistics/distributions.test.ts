import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import { projectFolder } from "../node/files";
import { incompleteBeta } from "./incomplete-beta";
import { logGamma } from "./log-gamma";
import { nonCentralDistribution } from "./non-central-t";
import { normalDistribution } from "./normal";
import { differenceFound, powerOf } from "./power";
import { studentDistribution, studentQuantile } from "./student-t";

/** What `write_distributions.py` writes: arguments first, SciPy's value last. */
interface Goldens {
  logGamma: [number, number][];
  incompleteBeta: [number, number, number, number][];
  normal: [number, number][];
  student: [number, number, number][];
  quantiles: [number, number, number][];
  nonCentral: [number, number, number, number][];
  differences: { runs: number; comparisons: number; standardErrors: number }[];
}

const file = path.join(projectFolder(), "lib", "statistics", "goldens", "distributions.json");
const goldens = JSON.parse(fs.readFileSync(file, "utf8")) as Goldens;

/** @param digits of the number itself that must agree; what is below 1e-15 of `scale` counts as 0 */
function agrees(actual: number, expected: number, what: string, { relative = 1e-11, scale = 0 } = {}) {
  const allowed = relative * Math.abs(expected) + 1e-15 * scale;
  assert.ok(Math.abs(actual - expected) <= allowed, `${what}: ${actual} is not ${expected}`);
}

test("the logarithm of the gamma function agrees with SciPy", () => {
  for (const [x, expected] of goldens.logGamma) agrees(logGamma(x), expected, `${x}`, { scale: 10 });
});

test("the incomplete beta function agrees with SciPy, in its tails too", () => {
  for (const [x, a, b, expected] of goldens.incompleteBeta)
    agrees(incompleteBeta(x, a, b), expected, `${x}, ${a}, ${b}`);
});

test("the normal distribution agrees with SciPy, in its tails too", () => {
  for (const [z, expected] of goldens.normal) agrees(normalDistribution(z), expected, `${z}`);
});

test("Student's distribution and its quantiles agree with SciPy, from one degree of freedom to a thousand", () => {
  for (const [t, freedom, expected] of goldens.student)
    agrees(studentDistribution(t, freedom), expected, `${t}, ${freedom}`);
  for (const [p, freedom, expected] of goldens.quantiles)
    agrees(studentQuantile(p, freedom), expected, `${p}, ${freedom}`, { scale: 10 });
});

test("the non-central t distribution agrees with an integral over its other variable", () => {
  for (const [t, freedom, shift, expected] of goldens.nonCentral)
    agrees(nonCentralDistribution(t, freedom, shift), expected, `${t}, ${freedom}, ${shift}`, { scale: 1e4 });
  // Without a shift it is Student's own.
  agrees(nonCentralDistribution(1.3, 6, 0), studentDistribution(1.3, 6), "no shift");
});

test("the difference that is found in four cases of five agrees with SciPy", () => {
  for (const { runs, comparisons, standardErrors } of goldens.differences) {
    const critical = -studentQuantile(0.025 / comparisons, runs - 1);
    const found = differenceFound(0.8, critical, runs - 1);
    agrees(found, standardErrors, `${runs} runs, ${comparisons} comparisons`, { relative: 1e-10 });
    agrees(powerOf(critical, runs - 1, found), 0.8, "its power");
  }
});
