/**
 * Reads the command line of a command that has no options but `--help`.
 *
 * @param {string} command as the user types it, such as `npm run doctor`
 * @param {string} help
 * @param {string[]} args
 * @returns {boolean} whether the command is to run; else the help was shown, or what is unknown was refused
 */
export function takesNoOptions(command, help, args) {
  const unknown = args.find((argument) => argument !== "--help" && argument !== "-h");
  if (unknown !== undefined) {
    console.error(`Unknown option ${unknown}: \`${command} -- --help\` shows what there is.`);
    process.exitCode = 1;
  } else if (args.length > 0) console.log(help);
  return args.length === 0;
}
