import * as fs from "node:fs";
import * as path from "node:path";
import { savePhotographMap } from "../display/pictures/save-photograph-map";
import { readImage } from "../node/decode-image";
import { loadBackbone } from "../node/own-photographs/backbones";
import type { PhotographPrediction } from "../node/own-photographs/photograph-model";
import { loadPhotographModel, readModelBackbone } from "../node/own-photographs/photograph-model-files";
import { startTensorFlow } from "../node/start-tensorflow";
import { UserError } from "../runtime/user-error";
import { HELP, readOptions } from "./predict/options";
import { runMain } from "./run-main";

async function main(): Promise<void> {
  const { help, model: folder, images, out, json, device, ...named } = readOptions(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return;
  }
  const name = named.backbone ?? readModelBackbone(folder);
  await startTensorFlow(device);
  const backbone = await loadBackbone(name).catch((error) => {
    if (!(error instanceof UserError) || named.backbone) throw error;
    throw new UserError(
      `${error.message} Where the model was trained on other weights of this network, name them by --backbone.`,
    );
  });
  const model = await loadPhotographModel(folder, backbone);
  const answers = [];
  for (const file of images) {
    const image = await readImage(file, 3);
    const prediction = await model.predict(image);
    const picture = prediction.map && pictureFile(file, out);
    if (picture) {
      if (out) await fs.promises.mkdir(out, { recursive: true });
      await savePhotographMap(picture, image, { ...prediction, map: prediction.map! });
    }
    if (json) answers.push(asJson(file, prediction, picture));
    else console.log(inWords(file, prediction, picture));
  }
  if (json) console.log(JSON.stringify(answers, null, 1));
  else {
    const { falseAlarms } = model.rules.unlike;
    console.log(
      `"None of these" is said wrongly of about ${(falseAlarms * 100).toFixed(0)} % of photographs like those that it was set by.`,
    );
  }
  model.dispose();
  backbone.dispose();
}

/** `koala.attention.png`, beside the photograph or in the folder that was named. */
function pictureFile(file: string, out: string | undefined): string {
  const { dir, name } = path.parse(file);
  return path.join(out ?? dir, `${name}.attention.png`);
}

function inWords(file: string, prediction: PhotographPrediction, picture: string | undefined): string {
  const { noneOfThese, distance, threshold, probabilities } = prediction;
  const best = probabilities
    .slice(0, 3)
    .map(({ label, probability }) => `${label} ${(probability * 100).toFixed(1)} %`)
    .join(", ");
  const answer = noneOfThese
    ? `none of these (distance ${distance.toFixed(3)}, at most ${threshold.toFixed(3)} is allowed; the nearest: ${best})`
    : best;
  return `${file}: ${answer}${picture ? `\n  ${picture}` : ""}`;
}

function asJson(file: string, { map, ...prediction }: PhotographPrediction, picture: string | undefined) {
  return {
    file,
    ...prediction,
    ...(map && { map: { ...map, map: Array.from(map.map, (weight) => Number(weight.toFixed(6))) } }),
    ...(picture && { picture }),
  };
}

runMain(main);
