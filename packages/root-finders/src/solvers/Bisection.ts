import {
  abs,
  add,
  equal,
  greater,
  isFinite,
  less,
  logicalAnd,
  logicalOr,
  logicalXor,
  mul,
  reshape,
  sub,
  where,
} from "@diffrax-ts/array";
import { assert, treeLoop } from "@diffrax-ts/autodiff";
import { unpacked } from "@diffrax-ts/linear-solvers";
import { scalarTensor } from "@diffrax-ts/program";
import { maxNorm, resultTensor, type Tree } from "@diffrax-ts/protocol";
import { checkOptions, describeValue, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import type { IterationStep, Problem, Termination } from "../IterativeSolver.ts";
import type { RootFinder } from "../RootFinder.ts";
import { checkTolerances, type OwnTolerances, toDType } from "../tolerances.ts";
import { allowed, spaceOfTree, vectorOf } from "../trees.ts";

/** Options of `Bisection`. */
export interface BisectionOptions extends Partial<Omit<OwnTolerances, "norm">> {
  /**
   * `false`: `fn(lower) < 0 < fn(upper)`. `true`: `fn(lower) > 0 > fn(upper)`. `"detect"`: `fn` is evaluated at both ends, and it is an error if it has
   * one sign. @defaultValue "detect"
   */
  readonly flip?: boolean | "detect";
  /** With `flip: "detect"`, whether an interval without a root is made larger, as if `fn` were monotonic. @defaultValue false */
  readonly expandIfNecessary?: boolean;
}

/** Halves an interval. */
export interface Bisection extends RootFinder<BisectionState> {
  readonly kind: "Bisection";
  readonly flip: boolean | "detect";
  readonly expandIfNecessary: boolean;
}

/** The interval in which the root is. */
export interface BisectionState {
  readonly lower: Scalar;
  readonly upper: Scalar;
  /** Whether `fn` goes from above zero to below. */
  readonly flip: Tensor;
  /** `fn` at the last point. */
  readonly error: Scalar;
}

interface Interval {
  readonly lower: Scalar;
  readonly upper: Scalar;
}

/**
 * Bisection, for one equation with one unknown: of an interval it keeps the half in which the sign of `fn` changes. It needs `options: { lower, upper }` and no
 * derivative, and cannot fail if there is a change of sign. The first point is `y0`; it ends when the interval is within the tolerances and `fn` within `atol` of zero.
 *
 * @throws RangeError for a tolerance that is none. In `rootFind`: TypeError for more than one unknown, or without `lower` and `upper`; RangeError if `fn` has
 * one sign at both.
 *
 * @example
 * ```ts
 * import { cos, sub } from "@diffrax-ts/array";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { Bisection, rootFind } from "@diffrax-ts/root-finders";
 *
 * const bounds = { lower: 0, upper: 1 };
 * const { value } = rootFind((y: Scalar) => sub(cos(y), y), Bisection({ rtol: 1e-9, atol: 1e-9 }), 0.5, { options: bounds });
 * value.item();
 * // → 0.73908513…
 * ```
 */
export function Bisection(options: BisectionOptions = {}): Bisection {
  const {
    rtol = null,
    atol = null,
    flip = "detect",
    expandIfNecessary = false,
  } = checkOptions("Bisection", options, ["rtol", "atol", "flip", "expandIfNecessary"]);
  if (flip !== "detect" && typeof flip !== "boolean")
    throw new TypeError(
      `Bisection: flip must be true, false or "detect", got ${describeValue(flip)}`,
    );
  return part("Bisection", {
    // All norms of one number are alike.
    ...checkTolerances("Bisection", { rtol, atol, norm: maxNorm }),
    flip,
    expandIfNecessary,
    bounds: ["lower", "upper"],
    init,
    step,
    terminate,
  } as const);
}

function init(this: Bisection, { fn, options }: Problem, y: Tree): BisectionState {
  const { size, dtype } = spaceOfTree(y);
  if (size !== 1)
    throw new TypeError(`rootFind: Bisection is for one unknown, got ${size}; use Newton`);
  const { lower, upper } = options;
  if (lower === undefined || upper === undefined) {
    const missing = lower === undefined ? "lower" : "upper";
    throw new TypeError(
      `rootFind: Bisection needs options: { lower, upper }, between which the root is; there is no ${missing}`,
    );
  }
  const ends = { lower: onlyElement(lower), upper: onlyElement(upper) };
  const error = scalarTensor(dtype, Infinity);
  if (this.flip !== "detect")
    return { ...ends, flip: scalarTensor("bool", this.flip ? 1 : 0), error };
  const at = (x: Scalar): Scalar => onlyElement(fn(withElement(y, x)));
  const [atLower, atUpper] = [at(ends.lower), at(ends.upper)];
  const flip = greater(atLower, atUpper);
  if (this.expandIfNecessary) return { ...expanded(ends, at, less(atLower, 0), flip), flip, error };
  const isChange = logicalXor(less(atLower, 0), less(atUpper, 0));
  assert(
    logicalOr(isChange, equal(mul(atLower, atUpper), 0)),
    "rootFind: Bisection: fn has the same sign at lower and at upper, so there may be no root between them; " +
      "take other bounds, or expandIfNecessary: true if fn is monotonic",
  );
  return { ...ends, flip, error };
}

/** Each is three times as long as all before it: after so many, floating-point numbers end. */
const mostIntervals = 1000;

/** An interval next to the one before and twice as long, until there is a change of sign. */
function expanded(
  ends: Interval,
  at: (x: Scalar) => Scalar,
  needsPositive: Tensor,
  isFalling: Tensor,
): Interval {
  const isUpward = logicalXor(needsPositive, isFalling);
  const goesOn = ({ lower, upper }: Interval): Tensor => {
    const value = at(where(isUpward, upper, lower) as Scalar);
    return logicalAnd(isFinite(sub(upper, lower)), logicalXor(needsPositive, greater(value, 0)));
  };
  const next = ({ lower, upper }: Interval): Interval => {
    const length = mul(2, sub(upper, lower));
    return {
      lower: where(isUpward, upper, sub(lower, length)) as Scalar,
      upper: where(isUpward, add(upper, length), lower) as Scalar,
    };
  };
  return treeLoop("rootFind", ends, goesOn, next, { bound: mostIntervals, isCounted: true });
}

function step(
  this: Bisection,
  { fn }: Problem,
  y: Tree,
  { lower, upper, flip }: BisectionState,
): IterationStep<BisectionState> {
  const point = onlyElement(y);
  const error = onlyElement(fn(y));
  const isBelow = logicalXor(flip, less(error, 0));
  const next = {
    lower: where(isBelow, point, lower) as Scalar,
    upper: where(isBelow, upper, point) as Scalar,
  };
  const middle = add(next.lower, mul(0.5, sub(next.upper, next.lower)));
  return { y: withElement(y, middle), state: { ...next, flip, error } };
}

function terminate(
  this: Bisection,
  { tolerances }: Problem,
  y: Tree,
  { lower, upper, error }: BisectionState,
): Termination {
  const isShort = less(abs(sub(lower, upper)), allowed(tolerances, onlyElement(y)));
  const isClose = less(abs(error), toDType(tolerances.atol, error));
  return { terminate: logicalAnd(isShort, isClose), result: resultTensor("successful") };
}

/** Of a tree of one number. */
function onlyElement(tree: Tree): Scalar {
  return vectorOf(tree).at(0) as Scalar;
}

/** A tree of one number like another. */
function withElement(like: Tree, x: Scalar): Tree {
  return unpacked(spaceOfTree(like), reshape(x, [1])) as Tree;
}
