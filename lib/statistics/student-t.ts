interface StudentT {
  studentt: { inv(probability: number, freedom: number): number; cdf(t: number, freedom: number): number };
}

// jstat ships no types; these two functions are all that is used of it.
const { jStat } = require("jstat") as { jStat: StudentT };

/** The value that a Student t variable with `freedom` degrees of freedom stays below with this probability. */
export function studentQuantile(probability: number, freedom: number): number {
  return jStat.studentt.inv(probability, freedom);
}

/** The probability that a Student t variable with `freedom` degrees of freedom is at most `t`. */
export function studentDistribution(t: number, freedom: number): number {
  return jStat.studentt.cdf(t, freedom);
}
