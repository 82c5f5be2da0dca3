import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type LoadGraph, loadGraphsBy } from "../graph/session";

/** Loads a graph through a temporary folder, which is gone when this returns. */
const loadThroughFolder: LoadGraph = (savedModel, backend) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `attention-graph-${process.pid}-`));
  try {
    fs.writeFileSync(path.join(folder, "saved_model.pb"), savedModel);
    // The addon wants the tags as a list with a comma at its end.
    return backend.binding.loadSavedModel(folder, "serve,");
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
};

/** Lets compiled steps run as graphs of the native addon. */
export function loadGraphsThroughFolders(): void {
  loadGraphsBy(loadThroughFolder);
}
