import * as fs from "node:fs";
import * as path from "node:path";
import type { Backbone } from "../../backbones/backbone";
import { UserError } from "../../runtime/user-error";
import { encodeSafetensors, readSafetensorsFrom } from "../../weights/safetensors";
import { writeAtomically } from "../files";
import { withOpenFile } from "../open-file";
import { loadTransferModel, saveTransferModel } from "../transfer-model-file";
import { type AnswerRules, PhotographModel } from "./photograph-model";

const modelFile = "model.safetensors";
const rulesFile = "answers.safetensors";
const format = "attention-transfer answers";

/**
 * Writes a model into a folder: `model.safetensors` as `saveTransferModel` writes it, and `answers.safetensors` with the
 * temperature, the rule for "none of these" and the features of the training photographs that it compares with.
 * @throws UserError when it can't be written
 */
export async function savePhotographModel(model: PhotographModel, folder: string): Promise<void> {
  const { references, ...rules } = model.rules;
  const { name } = model.backbone;
  const channels = model.model.channels;
  const tensors = { references: { shape: [references.length / channels, channels], data: references } };
  const bytes = encodeSafetensors(tensors, { format, backbone: name, rules: JSON.stringify(rules) });
  await writeAtomically(path.join(folder, rulesFile), bytes);
  await saveTransferModel(model.model, path.join(folder, modelFile));
}

/**
 * Reads a model that `savePhotographModel` or `npm run transfer` wrote; dispose it.
 * @param folder with both files, or one of them
 * @param backbone the one that it was fitted on; it stays the caller's
 * @throws UserError for files that are missing, damaged or of another backbone
 */
export async function loadPhotographModel(folder: string, backbone: Backbone): Promise<PhotographModel> {
  const { place, refuse, tensors, metadata } = readAnswers(folder);
  const references = tensors.references?.data;
  const rules = parseRules(metadata.rules);
  if (!rules || !(references instanceof Float32Array)) throw refuse();
  const model = await loadTransferModel(path.join(place, modelFile), backbone);
  if (model.classNames && references.length % model.channels === 0)
    return new PhotographModel(backbone, model, { ...rules, references });
  model.dispose();
  throw refuse();
}

/**
 * The name of the backbone that a model was fitted on.
 * @throws UserError as `loadPhotographModel`
 */
export function readModelBackbone(folder: string): string {
  const { metadata, refuse } = readAnswers(folder);
  if (!metadata.backbone) throw refuse();
  return metadata.backbone;
}

function readAnswers(folder: string) {
  const place = modelFolder(folder);
  const file = path.join(place, rulesFile);
  const refuse = () =>
    new UserError(`${file} can't be read as a model's answers: it is damaged, or something else wrote it.`);
  const read = withOpenFile(file, `The file ${file}`, (source) => readSafetensorsFrom(file, source));
  if (read.metadata.format !== format || !read.checked) throw refuse();
  return { ...read, place, refuse };
}

/** @throws UserError where no model lies there */
function modelFolder(given: string): string {
  const folder = /\.safetensors$/i.test(given) ? path.dirname(given) : given;
  const missing = [modelFile, rulesFile].find((name) => !fs.existsSync(path.join(folder, name)));
  if (missing === undefined) return folder;
  throw new UserError(
    `There is no ${missing} in ${folder}. Name a folder that \`npm run transfer\` wrote, or one of its folders below models.`,
  );
}

function parseRules(text: string | undefined): Omit<AnswerRules, "references"> | undefined {
  try {
    const rules = JSON.parse(text ?? "") as Omit<AnswerRules, "references">;
    const { temperature, unlike } = rules;
    return temperature > 0 && [unlike.threshold, unlike.falseAlarms].every(Number.isFinite)
      ? rules
      : undefined;
  } catch {
    return undefined;
  }
}
