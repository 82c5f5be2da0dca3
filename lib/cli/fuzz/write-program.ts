import type { Genes } from "./genes";
import type { Program } from "./program";
import { WorldWriter } from "./world-writer";
import { writeActions } from "./write-actions";
import { type WrittenStep, writeStep } from "./write-step";

/** Makes a program of genes, whatever they are. */
export function writeProgram(genes: Genes): Program {
  const world = new WorldWriter();
  const steps: WrittenStep[] = [];
  for (const [i, each] of genes.steps.entries())
    steps.push(writeStep(world, genes, each, steps.at(-1), `step${i}`));
  const actions = writeActions(world, genes, steps);
  return { setup: world.setup, held: world.held, steps, actions, quiet: genes.quiet };
}
