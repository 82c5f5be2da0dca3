import type * as tf from "@tensorflow/tfjs";
import { lengthsToMask } from "../attention/lengths";
import type { GridCutPoint, InputBackbone } from "../backbones/backbone";
import { findCut } from "../backbones/find-cut";
import type { FreeGrid } from "../backbones/grid";
import { computeInBatches, indexBatches, loadAhead } from "../runtime/batches";
import { requireWhole } from "../runtime/checks";
import type { OnProgress } from "../runtime/progress";
import { UserError } from "../runtime/user-error";
import { checkCut, checkTokens } from "./check-tokens";
import type { InputSource } from "./input-source";
import { withoutPadding } from "./padding";
import type { TokenSet } from "./tokens";

/** One batch at the cut point, as long as its longest input. */
interface Part {
  data: Float32Array;
  grid: readonly number[];
  count: number;
}

/** What `extractTokens` does for a backbone that says itself how inputs become a batch. */
export async function extractInputs<Input>(
  backbone: InputBackbone<Input>,
  cut: string,
  source: InputSource<Input>,
  batchSize: number,
  onProgress?: OnProgress,
): Promise<TokenSet<FreeGrid>> {
  const place = findCut(backbone, cut);
  const lengths: number[] = [];
  const parts: Part[] = [];
  let grid: readonly number[] = [];
  const compute = (inputs: Input[]) => {
    const { x, lengths: own } = backbone.stack(inputs);
    const mask = own && maskOfInputs(own, x.shape[1]!);
    if (own) lengths.push(...Array.from(own, (length) => Math.ceil(length / place.strides[0]!)));
    const grids = backbone.run(withoutPaddedInputs(x, mask), "input", cut, mask);
    grid = grids.shape.slice(1, -1);
    return { grids };
  };
  let done = 0;
  const batches = loadAhead(indexBatches(source.count, batchSize), (index) => source.load(index));
  for await (const { batch, values } of computeInBatches(batches, compute)) {
    parts.push({ data: values.grids as Float32Array, grid, count: batch.length });
    done += batch.length;
    onProgress?.(done, source.count);
  }
  if (lengths.length !== 0 && lengths.length !== source.count)
    throw new UserError(
      `${backbone.name} gave lengths for ${lengths.length} of ${source.count} inputs. Give all or none.`,
    );
  const tokens = {
    ...joined(parts, place),
    count: source.count,
    channels: place.channels,
    ...(lengths.length > 0 && { lengths: Int32Array.from(lengths) }),
  };
  checkTokens(tokens);
  checkCut(tokens, place, "extracted");
  return tokens;
}

/** As `lengthsToMask`; an input has at least one position. */
function maskOfInputs(lengths: ArrayLike<number>, positions: number): tf.Tensor2D {
  for (const length of Array.from(lengths)) requireWhole("The length of an input", length, 1, positions);
  return lengthsToMask(lengths, positions);
}

/** Zeros in the place of padding along the first axis; the numbers of words are left as they are. */
function withoutPaddedInputs(x: tf.Tensor, mask: tf.Tensor2D | undefined): tf.Tensor {
  return x.dtype === "float32" && x.rank > 2 ? withoutPadding(x, mask) : x;
}

/** All batches behind each other, the shorter padded to the longest along the first axis. */
function joined(parts: readonly Part[], { name, channels }: GridCutPoint): FreeGrid & { data: Float32Array } {
  const longest = parts.reduce((most, { grid }) => Math.max(most, grid[0] ?? 0), 0);
  const rest = parts[0]?.grid.slice(1) ?? [];
  const wrong = parts.find(({ grid }) => grid.slice(1).join() !== rest.join());
  if (wrong) {
    throw new UserError(
      `At the cut point "${name}" one batch has ${parts[0]!.grid.join(" × ")} positions and another ` +
        `${wrong.grid.join(" × ")}. Only the first axis may differ.`,
    );
  }
  const row = rest.reduce((product, size) => product * size, 1) * channels;
  const data = new Float32Array(parts.reduce((sum, { count }) => sum + count, 0) * longest * row);
  let item = 0;
  for (const part of parts) {
    const size = part.grid[0]! * row;
    for (let i = 0; i < part.count; i++, item++)
      data.set(part.data.subarray(i * size, (i + 1) * size), item * longest * row);
  }
  return { data, grid: [longest, ...rest] };
}
