import { UserError } from "../../runtime/user-error";

/** The words of each line of a text that is not empty, and its number for messages. */
export function linesOf(text: string): { words: string[]; number: number }[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ words: line.trim().split(/\s+/), number: index + 1 }))
    .filter(({ words }) => words[0] !== "");
}

/**
 * Lines that begin with a number of their own, as `12 Laysan Albatross`.
 * @param origin the file's name, for error messages
 * @param count how many words follow the number; without it there are one or more
 * @returns the words behind each number
 * @throws UserError for a line of another form, or a number that is there twice
 */
export function numberedLines(text: string, origin: string, count?: number): Map<number, string[]> {
  const result = new Map<number, string[]>();
  for (const { words, number } of linesOf(text)) {
    const [key, ...rest] = words;
    const isNew = /^\d+$/.test(key!) && !result.has(Number(key));
    if (!isNew || rest.length === 0 || (count !== undefined && rest.length !== count))
      throw damaged(origin, number);
    result.set(Number(key), rest);
  }
  return result;
}

/** For a file of a set that is not as it was published. */
export function damaged(origin: string, line: number): UserError {
  return new UserError(
    `Line ${line} of ${origin} is not of the form in which the set was published. Unpack the set's archive again.`,
  );
}

/** @throws UserError where a number of one list is missing in another */
export function lookUp<Value>(values: ReadonlyMap<number, Value>, key: number, origin: string): Value {
  const value = values.get(key);
  if (value !== undefined) return value;
  throw new UserError(`${origin} has no line for number ${key}. Unpack the set's archive again.`);
}

/** @throws UserError where labels up to the largest are not all there, so that some classes have no name */
export function requireClasses(classes: readonly (string | undefined)[], origin: string): void {
  // Not `every`, which passes over what is not there.
  const missing = Array.from(classes).indexOf(undefined);
  if (missing < 0) return;
  throw new UserError(`${origin} has no image of class ${missing + 1}. Unpack the set's archive again.`);
}
