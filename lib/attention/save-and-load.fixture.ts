import * as tf from "@tensorflow/tfjs";

/** The model as it comes back from where it was saved. */
export async function saveAndLoad(model: tf.LayersModel): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  const keep: tf.io.SaveHandler = async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
  };
  await model.save(tf.io.withSaveHandler(keep));
  // Through text, as a file would take it: what the model is made of must be plain data.
  const topology = JSON.parse(JSON.stringify(saved!.modelTopology)) as object;
  return tf.loadLayersModel(tf.io.fromMemory({ ...saved!, modelTopology: topology }));
}
