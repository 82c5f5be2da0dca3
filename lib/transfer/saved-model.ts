import * as tf from "@tensorflow/tfjs";
import type { AnyBackbone } from "../backbones/backbone";
import { findCut } from "../backbones/find-cut";
import { randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { sourceOfBytes } from "../weights/byte-source";
import { encodeSafetensors, readSafetensorsFrom, type TensorsToWrite } from "../weights/safetensors";
import type { StoredTensor } from "../weights/stored-tensor";
import { fineTunedStage } from "./fine-tuned-stage";
import { TransferModel } from "./model";
import { type Description, parseDescription } from "./model-description";
import { type BackboneIdentity, describeBackbone } from "./model-origin";

const FORMAT = "attention-transfer model";
/** Raised whenever a file says something else than before, so that no reader misunderstands it. */
const FORMAT_VERSION = "1";

/**
 * A fitted model as the bytes of one file: every trained number, as safetensors with names such as
 * `classifier/kernel`, and in its metadata, as JSON, all else: class names, pooling and its options, regime, and the name,
 * digest and preprocessing of the backbone, whose frozen part is not in it.
 * @throws UserError for a model that no `fitRegime` made and that was not told where it comes from
 */
export async function saveModel(model: TransferModel): Promise<Uint8Array> {
  model.requireAlive();
  const { poolingName: pooling, channels, classes, classNames, attentionUnits, origin } = model;
  if (!origin) {
    throw new UserError(
      "This model does not know which backbone and regime it belongs to, so it can't be saved. Fit it by `fitRegime`, " +
        "or give its `origin` when you make it.",
    );
  }
  const description: Description = {
    pooling,
    channels,
    classes,
    classNames,
    attentionUnits,
    stageChannels: model.stageChannels,
    stageStrides: model.stageStrides,
    origin,
    tensorflowjs: tf.version_core,
  };
  const tensors: TensorsToWrite = {};
  for (const [name, variable] of variablesByName(model))
    tensors[name] = { shape: variable.shape, data: await variable.data<"float32">() };
  return encodeSafetensors(tensors, {
    format: FORMAT,
    format_version: FORMAT_VERSION,
    model: JSON.stringify(description),
  });
}

/**
 * The model that `saveModel` wrote; dispose it. On a backend that can't train its stage it predicts all the same.
 * @param backbone the one that it was fitted on; it stays the caller's
 * @param name what messages call the bytes, such as the file's name
 * @throws UserError for bytes that are damaged, no saved model or of another version, and for another backbone
 */
export function loadModel(bytes: Uint8Array, backbone: AnyBackbone, name = "The saved model"): TransferModel {
  const { description, tensors } = read(bytes, name);
  requireSameBackbone(description.origin.backbone, describeBackbone(backbone), name);
  const { regime } = description.origin;
  const { frozenUpTo, pooledAt } = regime;
  for (const cut of [frozenUpTo, pooledAt]) findCut(backbone, cut);
  const stage = frozenUpTo === pooledAt ? undefined : fineTunedStage(backbone, regime, "inference");
  let model: TransferModel | undefined;
  try {
    model = new TransferModel({ ...description, stage, stream: randomStream(0, "loaded model") });
    assignAll(model, tensors, name);
    return model;
  } catch (error) {
    (model ?? stage)?.dispose();
    throw error;
  }
}

function read(
  bytes: Uint8Array,
  name: string,
): { description: Description; tensors: Record<string, StoredTensor> } {
  const { tensors, metadata, checked } = readOrExplain(bytes, name);
  if (metadata.format !== FORMAT || !checked) {
    throw new UserError(
      `${name} is no saved model: it holds tensors and does not say of which model. Give a file that \`saveModel\` wrote.`,
    );
  }
  if (metadata.format_version !== FORMAT_VERSION) {
    throw new UserError(
      `${name} has version ${metadata.format_version} of the format and this library reads version ${FORMAT_VERSION}. ` +
        "Load it with the version of the library that saved it.",
    );
  }
  return { description: parseDescription(metadata.model, name), tensors };
}

function readOrExplain(bytes: Uint8Array, name: string): ReturnType<typeof readSafetensorsFrom> {
  try {
    return readSafetensorsFrom(name, sourceOfBytes(bytes));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${name} can't be read as a saved model: it is damaged, cut short or something else. Take an undamaged copy, or save ` +
        "the model again.",
    );
  }
}

function requireSameBackbone(saved: BackboneIdentity, given: BackboneIdentity, name: string): void {
  const differs = (["name", "digest"] as const).some((key) => saved[key] !== given[key]);
  const describe = (identity: BackboneIdentity) =>
    `${identity.name} (digest ${identity.digest.slice(0, 12)})`;
  if (differs) {
    throw new UserError(
      `${name} was fitted on ${describe(saved)} and can't go on from ${describe(given)}. Load it with its own backbone.`,
    );
  }
  const prepared = ({ preprocessing }: BackboneIdentity) =>
    JSON.stringify(Object.entries(preprocessing).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (prepared(saved) === prepared(given)) return;
  throw new UserError(
    `${name} was fitted on inputs prepared as ${prepared(saved)}, and this backbone prepares them as ${prepared(given)}.`,
  );
}

function assignAll(model: TransferModel, tensors: Record<string, StoredTensor>, name: string): void {
  const variables = variablesByName(model);
  const strange = Object.keys(tensors).find((key) => !variables.has(key));
  if (strange) throw new UserError(`${name} holds a tensor "${strange}", which its model does not have.`);
  for (const [key, variable] of variables) {
    const stored = tensors[key];
    const fits = stored?.data instanceof Float32Array && stored.shape.join() === variable.shape.join();
    if (!fits) {
      const found = stored ? `${stored.dtype} [${stored.shape.join(", ")}]` : "missing";
      throw new UserError(
        `${name} can't be loaded: its tensor "${key}" should be float32 [${variable.shape.join(", ")}] and is ${found}.`,
      );
    }
    tf.tidy(() => variable.assign(tf.tensor(stored!.data as Float32Array, variable.shape)));
  }
}

function variablesByName(model: TransferModel): Map<string, tf.Variable> {
  const trained = [...model.trainedParts.keys()].map((part) => [part, model.variablesOf(part)] as const);
  const parts = [...trained, ["pooling", model.frozenInPooling] as const];
  return new Map(
    parts.flatMap(([part, variables]) =>
      [...variables].map(([name, variable]) => [`${part}/${name}`, variable] as const),
    ),
  );
}
