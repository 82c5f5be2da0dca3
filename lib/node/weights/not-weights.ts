/** What files that are taken for weights begin with: where, the bytes as latin-1 text, what it is, what to do. */
const beginnings: readonly [at: number, text: string, kind: string, remedy: string][] = [
  [
    0,
    "version https://git-lfs.github.com",
    "a pointer of Git LFS, not the file itself",
    "Get it with `git lfs pull`, or download the file.",
  ],
  [0, "<!doctype html", "a page of HTML", "Download the file itself."],
  [0, "<html", "a page of HTML", "Download the file itself."],
  [0, "GGUF", "a file of llama.cpp (GGUF)", "Take the .safetensors file of the same model."],
  [4, "TFL3", "a model of TensorFlow Lite", "Take the model that it was converted from."],
  [0, "\u0093NUMPY", "an array of NumPy", "Save the weights in the safetensors format."],
  [0, "\u001f\u008b", "a file packed with gzip", "Unpack it."],
];

/** What a file that holds no weights is, by its first bytes, and what to do; undefined where that is not known. */
export function kindOfOtherFile(start: Uint8Array): { kind: string; remedy: string } | undefined {
  const text = String.fromCharCode(...start.subarray(0, 64)).toLowerCase();
  const found = beginnings.find(([at, beginning]) => text.startsWith(beginning.toLowerCase(), at));
  return found && { kind: found[2], remedy: found[3] };
}
