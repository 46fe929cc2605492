/**
 * The operations of which every elementary function is made. Each of them is exactly specified
 * (IEEE 754 with round-to-nearest-even, two's complement), so a function written on them gives the
 * same bits wherever it runs: on JavaScript numbers, in scalar WebAssembly, in two SIMD lanes.
 *
 * `V` is a float64 value, `I` its 64 bits as an integer, `B` a truth value. Every operation is one
 * or two WebAssembly instructions, scalar and `f64x2`/`i64x2` alike. The functions of a record are
 * free of `this`, so they can be destructured.
 *
 * NaN carries no payload here: its bits must not reach a result by way of integers.
 */
export interface ExactOps<V, I, B> {
  readonly constant: (x: number) => V;
  readonly integer: (x: bigint) => I;

  readonly add: (a: V, b: V) => V;
  readonly sub: (a: V, b: V) => V;
  readonly mul: (a: V, b: V) => V;
  readonly div: (a: V, b: V) => V;
  readonly sqrt: (a: V) => V;
  readonly neg: (a: V) => V;
  readonly abs: (a: V) => V;
  /** `|magnitude|` with the sign of `sign`. */
  readonly copysign: (magnitude: V, sign: V) => V;
  readonly floor: (a: V) => V;
  /** The nearest integer; the even one of two. */
  readonly nearest: (a: V) => V;

  readonly lt: (a: V, b: V) => B;
  readonly le: (a: V, b: V) => B;
  readonly eq: (a: V, b: V) => B;
  readonly ieq: (a: I, b: I) => B;
  readonly and: (a: B, b: B) => B;
  readonly or: (a: B, b: B) => B;
  readonly not: (a: B) => B;
  /** `p ? a : b`; both are computed. */
  readonly select: (p: B, a: V, b: V) => V;

  readonly bits: (a: V) => I;
  readonly fromBits: (a: I) => V;
  readonly iadd: (a: I, b: I) => I;
  readonly isub: (a: I, b: I) => I;
  readonly iand: (a: I, b: I) => I;
  readonly ior: (a: I, b: I) => I;
  readonly ixor: (a: I, b: I) => I;
  /** `a << n`, `0 ≤ n ≤ 63`. */
  readonly ishl: (a: I, n: number) => I;
  /** `a >>> n` (zeros come in), `0 ≤ n ≤ 63`. */
  readonly ishrl: (a: I, n: number) => I;

  /**
   * `table[index]`. Slow paths only. The index is an integer within the table, even in a lane that
   * goes through the slow path for the sake of its neighbour.
   */
  readonly lookup: (table: readonly number[], index: V) => V;
  /** What a function on these operations gives. Slow paths only: compiled, it is one function for all that have it. */
  readonly apart: <const T extends readonly V[]>(
    define: (o: ExactOps<V, I, B>, x: V) => T,
    x: V,
  ) => T;
  /**
   * The values of one side; the other side is not run (or, in lanes, thrown away). The first side is
   * the fast path.
   */
  readonly cond: <const T extends readonly V[]>(p: B, ifTrue: () => T, ifFalse: () => T) => T;
}

/** The same operations on float32 and its 32 bits, four of which go into a vector; of what a shift leaves above, nothing is read. */
export interface NarrowOps<W, J, B, V> extends ExactOps<W, J, B> {
  readonly widen: (x: W) => V;
  readonly round: (x: V) => W;
}

/** What an elementary function is handed. */
export interface AllOps<V, I, B> extends ExactOps<V, I, B> {
  /** What `f` gives for `x`, which is a float32, in operations of float32: for numbers these are `onNumbers()`. */
  readonly narrow: (
    x: V,
    f: <W, J>(n: NarrowOps<W, J, B, V>, x: W) => W,
    onNumbers: () => NarrowOps<number, bigint, boolean, number>,
  ) => V;
}
