import { UserError } from "../runtime/user-error";

/** What pictures and figures are drawn with. The library works without it until something is to be drawn. */
const packages =
  "@expo-google-fonts/arimo bidi-js fast-png harfbuzzjs jsdom plotly.js-dist sharp svg-path-properties woff2-encoder";

function explained(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND") return error;
  const missing = /Cannot find (?:module|package) '((?:@[^/']+\/)?[^/']+)/.exec(message)?.[1] ?? "one";
  return new UserError(
    `Drawing pictures and figures needs packages that are not installed here (${missing}): npm install ${packages}`,
  );
}

/**
 * Loads a package of CommonJS, or finds a file of one, when it is first needed.
 * @throws UserError when it is not installed.
 */
export function loadPackage<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    throw explained(error);
  }
}

/**
 * Loads a package of ECMAScript modules when it is first needed.
 * @throws UserError when it is not installed.
 */
export async function importPackage<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw explained(error);
  }
}
