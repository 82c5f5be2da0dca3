/**
 * What touches the machine, and so needs Node: starting TensorFlow, photographs and folders of them, weights and models in
 * files, features that are kept on disk; and whole transfers to photographs of one's own.
 *
 * ```ts
 * import { labelledFolder, transfer } from "attention-transfer/node";
 *
 * const photographs = labelledFolder("photographs"); // a folder for each class
 * const { model, lines } = await transfer(photographs, { folder: "transferred" });
 * for (const { line, accuracy } of lines) console.log(line.name, accuracy.mean, accuracy.lower, accuracy.upper);
 * const { label, probability, noneOfThese } = await model.predict("another.jpg");
 * console.log(noneOfThese ? "none of these" : label, probability);
 * ```
 *
 * @module node
 */

export { readImage } from "./decode-image";
export { encodePng } from "./encode-image";
export { type CacheOptions, cachedTokens } from "./feature-cache";
export {
  type DigestedSource,
  type ExtractOptions,
  extractFeatures,
} from "./feature-store/extract-features";
export { dataFolder } from "./files";
export { type ImageFolder, type ImageFolderOptions, listImageFolder, type PassedOver } from "./image-folder";
export { imagenetLabels, topLabels } from "./imagenet-labels";
export { loadCutouts } from "./load-cutouts";
export { loadEfficientNetLite0 } from "./load-efficientnet-lite0";
export { loadPhotographsInContext, type PhotographCollection } from "./load-photographs-in-context";
export { loadSceneCollection } from "./load-scene-collection";
export { loadBackbone } from "./own-photographs/backbones";
export type { AnsweredLine, Calibration } from "./own-photographs/judge";
export {
  type LabelledPhotograph,
  type LabelledPhotographs,
  labelledFolder,
  type Part,
  publishedPhotographs,
} from "./own-photographs/labelled-folder";
export type { OwnRegime, TransferLine } from "./own-photographs/lines";
export {
  type AnswerRules,
  PhotographModel,
  type PhotographPrediction,
} from "./own-photographs/photograph-model";
export { loadPhotographModel, savePhotographModel } from "./own-photographs/photograph-model-files";
export type { OwnTransferOptions, PreparedTransfer } from "./own-photographs/prepare";
export type { DealtPhotograph, DealtSet } from "./own-photographs/split";
export type { DamagedPhotograph, SurveyedPhotograph } from "./own-photographs/survey";
export {
  type LinesCompared,
  type PhotographTransfer,
  type TransferredLine,
  transfer,
} from "./own-photographs/transfer";
export type { Trial } from "./own-photographs/trials";
export type { UnlikeRule } from "./own-photographs/unlike";
export { readPhotograph } from "./photograph";
export { photographs } from "./photographs";
export { type ImageSetOptions, imageSets, readImageSet } from "./published-sets/image-sets";
export { readFashionMnist } from "./published-sets/read-fashion-mnist";
export { type GetWeightsOptions, type GotWeights, getWeights } from "./published-weights/get-weights";
export type { PublishedFile, PublishedWeights, PublishedWheel } from "./published-weights/published-entry";
export { findPublishedWeights, publishedWeights } from "./published-weights/published-weights";
export { findWeights } from "./published-weights/weights-cache";
export { renderScene as renderTargetScene, type Scene as TargetScene } from "./render-scene";
export { resizeImage } from "./resize-image";
export { readSafetensors } from "./safetensors-file";
export { type BackendName, type RuntimeReport, startTensorFlow } from "./start-tensorflow";
export { readTorchWeights } from "./torch-file";
export { loadTransferModel, saveTransferModel } from "./transfer-model-file";
export { type ReadWeights, readWeights, type WeightsFormat } from "./weights/read-weights";
