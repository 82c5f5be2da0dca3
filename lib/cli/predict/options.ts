import * as path from "node:path";
import { type BackendName, backendNames } from "../../node/start-tensorflow";
import { UserError } from "../../runtime/user-error";
import { parseArguments } from "../options";
import { readDevice } from "../transfer/options";

export const HELP = `npm run predict -- MODEL IMAGE…        say what is on photographs, and show where the model looked

MODEL is the folder that \`npm run transfer\` wrote, or one of those below its folder models. For each photograph it prints the
class with its calibrated probability, or "none of these" where the photograph is unlike all that the model was trained on, and
writes NAME.attention.png beside it: the whole photograph, the part that the network saw, and where in it the model looked.

  --backbone NAME  the network that the model was trained on, where it was a file of weights; otherwise it is known
  --out FOLDER     where the pictures go, in place of beside the photographs
  --json           print the answers as JSON, with all probabilities and the map
  --device NAME    what computes: ${backendNames.join(", ")}; the best that works where none is given
`;

export interface PredictCommand {
  help: boolean;
  model: string;
  images: string[];
  /** Known from the model where it is left out. */
  backbone: string | undefined;
  out: string | undefined;
  json: boolean;
  device: BackendName | undefined;
}

/** @throws UserError for an unknown option, and unless a model and a photograph are named */
export function readOptions(args: readonly string[]): PredictCommand {
  const { values, names } = parseArguments("npm run predict", args, {
    help: { type: "boolean", short: "h" },
    backbone: { type: "string" },
    out: { type: "string" },
    json: { type: "boolean" },
    device: { type: "string" },
  });
  const help = values.help ?? false;
  const [model, ...images] = names.map((name) => path.resolve(name));
  if (!help && (model === undefined || images.length === 0)) {
    throw new UserError(
      "Name a model's folder and at least one photograph: npm run predict -- MODEL IMAGE. `npm run predict -- --help` says more.",
    );
  }
  return {
    help,
    model: model ?? "",
    images,
    backbone: values.backbone,
    out: values.out === undefined ? undefined : path.resolve(values.out),
    json: values.json ?? false,
    device: readDevice(values.device),
  };
}
