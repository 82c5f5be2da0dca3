import * as path from "node:path";
import { usualBackbone } from "../../node/own-photographs/backbones";
import { type OwnRegime, ownRegimes } from "../../node/own-photographs/lines";
import { imageSets } from "../../node/published-sets/image-sets";
import { type BackendName, backendNames } from "../../node/start-tensorflow";
import { UserError } from "../../runtime/user-error";
import type { PoolingName } from "../../transfer/pooling-choice";
import { parseArguments, wholeNumber } from "../options";

export const HELP = `npm run transfer -- PHOTOS                      transfer a pretrained network to your own photographs, and measure it
npm run transfer -- --dataset NAME FOLDER       the same on a published set, as its archive unpacks, in its official split

PHOTOS has a folder for each class, named after it, with the class's photographs in it; or folders train, test and perhaps
validation with the classes in each. Three ways of pooling are trained, on a frozen network and with its last stage: the mean,
a hidden layer on every token (which is as large as attention and can't choose among positions), and attention. Step sizes and
epochs are chosen on validation photographs, and the test photographs are looked at once, at the end.

It leaves a folder: report.html and report.md, a sheet of maps, the models, the settings. Stopped and started again, it goes on.

  --dataset NAME     ${[...imageSets.keys()].join(", ")}
  --backbone NAME    the pretrained network, such as resnet50, or a file of its weights; efficientnet-lite0 where none is given
                     (npm run weights lists those that are published, and brings them)
  --regime NAME      probe or "last stage"; may be given several times; both where none is given
  --pooling NAME     mean, "hidden mean", attention and others; may be given several times
  --cut NAME         where the frozen part of the network ends, such as stage5
  --seeds N          train every line N times, from different random weights; 1
  --seed N           of the split and the first training; 1
  --out FOLDER       where everything goes; data/cache/transfer/NAME-OF-PHOTOS where none is given
  --device NAME      what computes: ${backendNames.join(", ")}; the best that works where none is given
  --half             keep features in half precision: half of the disk, each number rounded to three digits
  --skip-damaged     leave damaged photographs out and count them, instead of stopping at the first
  --dry-run          say what would be done and how long it would take, and do nothing
`;

export interface TransferCommand {
  help: boolean;
  photographs: string;
  /** A published set; one's own photographs where none is named. */
  dataset: string | undefined;
  out: string | undefined;
  regimes: OwnRegime[] | undefined;
  poolings: PoolingName[] | undefined;
  cut: string | undefined;
  backbone: string;
  seeds: number;
  seed: number;
  device: BackendName | undefined;
  skipDamaged: boolean;
  half: boolean;
  dryRun: boolean;
}

/** @throws UserError for an unknown option or value, and unless one folder is named */
export function readOptions(args: readonly string[]): TransferCommand {
  const { values, names } = parseArguments("npm run transfer", args, {
    help: { type: "boolean", short: "h" },
    dataset: { type: "string" },
    backbone: { type: "string" },
    regime: { type: "string", multiple: true },
    pooling: { type: "string", multiple: true },
    cut: { type: "string" },
    seeds: { type: "string" },
    seed: { type: "string" },
    out: { type: "string" },
    device: { type: "string" },
    "skip-damaged": { type: "boolean" },
    half: { type: "boolean" },
    "dry-run": { type: "boolean" },
  });
  const help = values.help ?? false;
  if (!help && names.length !== 1) {
    throw new UserError(
      `Name one folder of photographs: npm run transfer -- PHOTOS; ${names.length} were named. \`npm run transfer -- --help\` says what it holds.`,
    );
  }
  return {
    help,
    photographs: path.resolve(names[0] ?? "."),
    dataset: values.dataset,
    out: values.out === undefined ? undefined : path.resolve(values.out),
    regimes: values.regime?.map(readRegime),
    // Checked where all poolings are known.
    poolings: values.pooling as PoolingName[] | undefined,
    cut: values.cut,
    backbone: values.backbone ?? usualBackbone,
    seeds: wholeNumber("seeds", values.seeds ?? "1", 1, 100),
    seed: wholeNumber("seed", values.seed ?? "1"),
    device: readDevice(values.device),
    skipDamaged: values["skip-damaged"] ?? false,
    half: values.half ?? false,
    dryRun: values["dry-run"] ?? false,
  };
}

function readRegime(text: string): OwnRegime {
  // So that no quotes are needed.
  const found = ownRegimes.find((name) => name === text.replaceAll("-", " "));
  if (found) return found;
  throw new UserError(`--regime takes ${ownRegimes.join(" or ")}; "${text}" was given.`);
}

/** @throws UserError for a device that there is not */
export function readDevice(text: string | undefined): BackendName | undefined {
  if (text === undefined) return undefined;
  const found = backendNames.find((name) => name === text);
  if (found) return found;
  throw new UserError(`--device takes one of ${backendNames.join(", ")}; "${text}" was given.`);
}
