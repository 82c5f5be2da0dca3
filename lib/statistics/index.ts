// Statistics: intervals and paired comparisons that judge a table.

export {
  comparePaired,
  type IntervalOptions,
  type MeanInterval,
  meanInterval,
  type PairedComparison,
} from "./intervals";
