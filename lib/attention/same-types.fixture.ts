/** True where two types are the same, in optional and read-only members too. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** An error of the compiler unless the proof is true: `holds<Same<typeof x, tf.Tensor3D>>()`. */
export function holds<_Proof extends true>(): void {}
