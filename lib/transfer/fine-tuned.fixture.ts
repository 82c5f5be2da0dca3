import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { startTensorFlow } from "../node/start-tensorflow";
import { saveTransferModel } from "../node/transfer-model-file";
import { evaluate } from "./evaluate";
import { featuresOf, fewScenes } from "./few-scenes.fixture";
import { fitRegime } from "./fit-regime";
import { lastStage } from "./regimes";

/** What a fine-tuned model said of a few scenes. */
export interface FineTuned {
  backend: string;
  loss: number;
  predictions: number[];
}

/** Fine-tunes a last stage on a few scenes, saves the model, and prints what it says as JSON: for a process of its own. */
export async function saveFineTuned(file: string): Promise<void> {
  const { backend } = await startTensorFlow();
  if (backend !== "native") return console.log(JSON.stringify({ backend, loss: 0, predictions: [] }));
  const backbone = await loadEfficientNetLite0();
  const [training, validation] = [
    await featuresOf(backbone, "stage6", await fewScenes("train", 16)),
    await featuresOf(backbone, "stage6", await fewScenes("validation", 8)),
  ];
  const { model } = await fitRegime({
    backbone,
    regime: { ...lastStage, plan: { ...lastStage.plan, epochs: 2, batchSize: 8 } },
    pooling: "attention",
    classes: 8,
    training,
    validation,
    seed: 1,
  });
  await saveTransferModel(model, file);
  const { loss, predictions } = await evaluate(model, validation);
  console.log(JSON.stringify({ backend, loss, predictions: [...predictions] } satisfies FineTuned));
}
