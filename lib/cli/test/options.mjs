export const usage = `npm test                     the quick checks: what continuous integration runs
npm run test:all             every check, thoroughly: all notebooks in a browser, kernels on a busy machine …
npm test -- --only unit      one of them, or several: --only lint,unit
npm test -- --help           this text

Exit status 0 means that no check failed. The line "N passed, N failed" counts compiles, unit tests and notebooks.`;

/**
 * Reads the command line of the checks.
 *
 * @param {string[]} parameters
 * @param {readonly { name: string, onlyInAll?: boolean }[]} stages
 * @returns {{ help: true } | { only: Set<string>, all: boolean } | { mistake: string }}
 */
export function readOptions(parameters, stages) {
  const names = stages.map((stage) => stage.name);
  /** @type {string[]} */
  const asked = [];
  let all = false;
  for (let index = 0; index < parameters.length; index += 1) {
    const parameter = /** @type {string} */ (parameters[index]);
    if (parameter === "--help" || parameter === "-h") return { help: true };
    if (parameter === "--all") {
      all = true;
      continue;
    }
    const [option, attached] = parameter.split("=", 2);
    if (option !== "--only")
      return { mistake: `Unknown option "${parameter}": "npm test -- --help" lists the options.` };
    const wanted = (attached ?? parameters[++index] ?? "").split(",");
    const unknown = wanted.find((name) => !names.includes(name));
    if (unknown === "")
      return { mistake: `--only takes the name of a check; choose from ${names.join(", ")}.` };
    if (unknown !== undefined) {
      return { mistake: `--only ${unknown}: there is no such check; choose from ${names.join(", ")}.` };
    }
    asked.push(...wanted);
  }
  const usual = stages.filter((stage) => all || !stage.onlyInAll).map((stage) => stage.name);
  return { only: new Set(asked.length > 0 ? asked : usual), all };
}
