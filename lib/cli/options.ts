import { type ParseArgsConfig, parseArgs } from "node:util";
import { UserError } from "../runtime/user-error";

type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;
type Values<Options extends OptionsConfig> = ReturnType<typeof parseArgs<{ options: Options }>>["values"];

/**
 * Reads the options of a command.
 * @param command as the user types it, such as `npm run bench`
 * @throws UserError of one sentence or two, for an unknown option, one that lacks its value, has one that it does
 * not take, or is given twice.
 */
export function parseOptions<Options extends OptionsConfig>(
  command: string,
  args: readonly string[],
  options: Options,
): Values<Options> {
  return parseArguments(command, args, options, false).values;
}

/**
 * Reads the options of a command that takes names beside them, such as files.
 * @throws UserError as `parseOptions`; an option that is declared as `multiple` may be given several times
 */
export function parseArguments<Options extends OptionsConfig>(
  command: string,
  args: readonly string[],
  options: Options,
  allowPositionals = true,
): { values: Values<Options>; names: string[] } {
  const refuse = (reason: string) => new UserError(`${reason}. \`${command} -- --help\` lists the options.`);
  let values: Values<Options>;
  let names: string[];
  let given: { name: string; value?: string | undefined }[];
  try {
    const { tokens, ...rest } = parseArgs({ args: [...args], options, allowPositionals, tokens: true });
    values = rest.values as Values<Options>;
    names = rest.positionals;
    given = tokens.flatMap((token) => (token.kind === "option" ? [token] : []));
  } catch (error) {
    // Node goes on with advice on its own syntax, which no command here takes.
    throw refuse((error as Error).message.split(/\.\s/)[0]!);
  }
  for (const [index, { name, value }] of given.entries()) {
    if (value?.trim() === "") throw refuse(`Option '--${name}' has no value`);
    const isRepeated = given.findIndex((other) => other.name === name) < index;
    if (value !== undefined && isRepeated && !options[name]?.multiple)
      throw refuse(`Option '--${name}' is given twice`);
  }
  return { values, names };
}

/**
 * An option's value as a whole number.
 * @param name without dashes @param most told in the refusal where it is given; without it numbers go up to 2³¹ − 1
 * @throws UserError for anything else
 */
export function wholeNumber(name: string, text: string, least = 0, most?: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= (most ?? 0x7fffffff)) return value;
  const range = most !== undefined ? ` in ${least} … ${most}` : least > 0 ? `, at least ${least}` : "";
  throw new UserError(`--${name} takes a whole number${range}; "${text}" was given.`);
}
