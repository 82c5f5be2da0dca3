export const usage = `npm test                     every check: types, lint, floors, unit, tables, notebooks, browser
npm test -- --only unit      one of them, or several: --only lint,unit
npm test -- --help           this text

Exit status 0 means that no check failed. The line "N passed, N failed" counts compiles, unit tests and notebooks.`;

/**
 * Reads the command line of the checks.
 *
 * @param {string[]} parameters
 * @param {string[]} names of the stages
 * @returns {{ help: true } | { only: Set<string> } | { mistake: string }}
 */
export function readOptions(parameters, names) {
  /** @type {string[]} */
  const asked = [];
  for (let index = 0; index < parameters.length; index += 1) {
    const parameter = /** @type {string} */ (parameters[index]);
    if (parameter === "--help" || parameter === "-h") return { help: true };
    const [option, attached] = parameter.split("=", 2);
    if (option !== "--only")
      return { mistake: `Unknown option "${parameter}": "npm test -- --help" lists the options.` };
    const wanted = (attached ?? parameters[++index] ?? "").split(",");
    const unknown = wanted.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      return { mistake: `--only ${unknown}: there is no such check; choose from ${names.join(", ")}.` };
    }
    asked.push(...wanted);
  }
  return { only: new Set(asked.length > 0 ? asked : names) };
}
