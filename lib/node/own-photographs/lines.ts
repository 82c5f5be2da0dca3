import type { Backbone } from "../../backbones/backbone";
import { findCut } from "../../backbones/find-cut";
import { UserError } from "../../runtime/user-error";
import { type PoolingName, poolingNames } from "../../transfer/pooling-choice";
import { lastStage, probe, type Regime } from "../../transfer/regimes";
import { cutsOf } from "./backbones";

/** What of the backbone is trained: nothing, or its last stage. */
export type OwnRegime = (typeof ownRegimes)[number];

export const ownRegimes = ["probe", "last stage"] as const;

/** What is trained and compared. */
export interface TransferLine {
  /** `probe, attention`: as it stands in the report. */
  name: string;
  regime: Regime;
  pooling: PoolingName;
}

export interface LineChoice {
  /** Both when left out. */
  regimes?: readonly OwnRegime[];
  /** The mean, a hidden layer on every token before it (the control of attention's size), and attention, when left out. */
  poolings?: readonly PoolingName[];
  /** Where the frozen part of the backbone ends, in place of the regimes' own. */
  cut?: string;
}

/** Of these factors on a regime's step sizes the best by validation is taken. */
export const rateFactors = [1 / 3, 1, 3] as const;

/** A small set is gone through more often than the regimes of the tables do, up to so many steps and epochs. */
const leastSteps: Readonly<Record<OwnRegime, number>> = { probe: 120, "last stage": 40 };
const mostEpochs = 40;

/** All lines, regime by regime. @throws UserError for a regime, a pooling or a cut that there is not */
export function linesOf(backbone: Backbone, trainingCount: number, choice: LineChoice = {}): TransferLine[] {
  const { regimes = ownRegimes, poolings = ["mean", "hidden mean", "attention"] } = choice;
  const unknown = poolings.find((name) => !poolingNames.includes(name) || name === "given");
  if (unknown !== undefined || poolings.length === 0) {
    const names = poolingNames.filter((name) => name !== "given");
    throw new UserError(`There is no pooling "${unknown ?? ""}". Choose some of: ${names.join(", ")}.`);
  }
  return regimes.flatMap((name) => {
    const regime = regimeOf(backbone, name, trainingCount, choice.cut);
    return poolings.map((pooling) => ({ name: `${name}, ${pooling}`, regime, pooling }));
  });
}

function regimeOf(backbone: Backbone, name: OwnRegime, trainingCount: number, cut?: string): Regime {
  const kind = name === "probe" ? probe : name === "last stage" ? lastStage : undefined;
  if (!kind) throw new UserError(`There is no regime "${name}". Choose some of: ${ownRegimes.join(", ")}.`);
  const { last, fineTunedFrom } = cutsOf(backbone);
  const { plan } = kind;
  const steps = Math.ceil(trainingCount / plan.batchSize);
  const epochs = Math.max(plan.epochs, Math.min(mostEpochs, Math.ceil(leastSteps[name] / steps)));
  const places =
    name === "probe"
      ? { frozenUpTo: cut ?? last, pooledAt: cut ?? last }
      : { frozenUpTo: cut ?? fineTunedFrom, pooledAt: last };
  findCut(backbone, places.frozenUpTo);
  if (name === "last stage" && places.frozenUpTo === last) {
    throw new UserError(
      `After the cut point "${last}" the backbone has nothing left to train. Choose an earlier --cut, or the regime "probe" alone.`,
    );
  }
  return { name, ...places, plan: { ...plan, epochs } };
}

/** The regime with its step sizes multiplied. */
export function atRate(regime: Regime, factor: number): Regime {
  const { headLearningRate, stageLearningRate, ...plan } = regime.plan;
  return {
    ...regime,
    plan: {
      ...plan,
      headLearningRate: headLearningRate * factor,
      ...(stageLearningRate !== undefined && { stageLearningRate: stageLearningRate * factor }),
    },
  };
}
