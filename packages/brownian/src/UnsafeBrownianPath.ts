import { astype, lessEqual, mul } from "@diffrax-ts/array";
import { assert, asTensor, isTraced, nondifferentiable } from "@diffrax-ts/autodiff";
import type { BrownianIncrement, Tree } from "@diffrax-ts/protocol";
import { checkOptions, describeValue, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import {
  foldIn,
  foldInWords,
  type Key,
  normal,
  normalAt,
  requireKey,
  split,
  splitList,
} from "@diffrax-ts/random";
import type { BrownianOptions, BrownianPath, MotionOf } from "./BrownianPath.ts";
import { checkLevyArea } from "./checkLevyArea.ts";
import { checkNoise } from "./checkNoise.ts";
import { incrementFrom, numDraws } from "./incrementFrom.ts";
import { type BrownianShape, leafShapes, readShape } from "./shapes.ts";
import { scalarTensor } from "@diffrax-ts/program";
import { wordsOfRun } from "./wordsOfRun.ts";
import { timeWord } from "./timeWord.ts";

/** Options of `UnsafeBrownianPath`. */
export interface UnsafeBrownianPathOptions extends BrownianOptions {
  /**
   * How times become parts of a key. `"0.7.2"` is for the numbers of that release of Diffrax, which rounds times to float32 first, so
   * that steps of less than 6e-8 of the time share their noise. @defaultValue "exact"
   */
  readonly timeBits?: "exact" | "0.7.2";
}

/** Independent Gaussian increments: see the function of this name. */
export interface UnsafeBrownianPath<Value = Tree> extends BrownianPath<Value> {
  readonly kind: "UnsafeBrownianPath";
  readonly key: Key;
  readonly timeBits: "exact" | "0.7.2";
  readonly isTakenOnce: true;
}

/**
 * A Brownian motion for steps that are taken once: every interval has an increment of its own, drawn by a key that is made of its
 * two ends. Increments of intervals that overlap have nothing to do with one another, so it is not for adaptive steps, nor for
 * values at single times.
 *
 * It can be differentiated by every adjoint but `BacksolveAdjoint`, since the same times give the same numbers when steps are made again.
 *
 * @throws TypeError for a shape that is none, for a dtype that is no float, and for a key that is none.
 *
 * @example
 * ```ts
 * import { UnsafeBrownianPath } from "@diffrax-ts/brownian";
 * import { key } from "@diffrax-ts/random";
 *
 * const path = UnsafeBrownianPath({ shape: [2], key: key(0) });
 * path.evaluate(0, 0.1).toArray();
 * // → [0.48447…, -0.20101…]
 * ```
 */
export function UnsafeBrownianPath<const Shape extends BrownianShape>(
  options: UnsafeBrownianPathOptions & { readonly shape: Shape },
): UnsafeBrownianPath<MotionOf<Shape>> {
  const name = "UnsafeBrownianPath";
  const given = checkOptions(name, options, ["shape", "key", "levyArea", "timeBits"]);
  const { levyArea = "BrownianIncrement", timeBits = "exact" } = given;
  checkLevyArea(name, levyArea);
  if (timeBits !== "exact" && timeBits !== "0.7.2") {
    throw new RangeError(
      `${name}: timeBits must be "exact" or "0.7.2", got ${describeValue(timeBits)}`,
    );
  }
  const key = requireKey(name, given.key);
  const shape = readShape(`${name}: shape`, given.shape);
  const ends = { t0: -Infinity, t1: Infinity };
  const fields = {
    ...ends,
    shape,
    key,
    levyArea,
    timeBits,
    isTakenOnce: true,
    checkNoise,
    evaluate,
  };
  return part(name, fields) as unknown as UnsafeBrownianPath<MotionOf<Shape>>;
}

function evaluate(
  this: UnsafeBrownianPath,
  t0: number | Scalar,
  t1: number | Scalar | null = null,
  _left = true,
  useLevy = false,
): Tree | BrownianIncrement {
  const { shape, key, levyArea, timeBits } = this;
  const message = "UnsafeBrownianPath: a Brownian motion has no derivative with respect to time";
  const [from, to] = intervalOf(t0, t1).map((t) => nondifferentiable(t, message)) as [
    Tensor,
    Tensor,
  ];
  checkOrder(from, to);
  const own = foldIn(foldIn(key, wordOf(from, timeBits)), wordOf(to, timeBits));
  const keys = split(own, leafShapes(shape).length);
  const asked = { shape, levyArea, t0: from, t1: to, useLevy };
  const num = numDraws(levyArea);
  return incrementFrom(asked, ({ shape: axes, dtype, start, count }) => {
    if (count === null) {
      const ofDraws: readonly Key[] = num === 1 ? [keys.at(start)] : splitList(keys.at(start), num);
      return ofDraws.map((one) => normal(one, axes, { dtype }));
    }
    const words = wordsOfRun(keys, { start, count });
    const ofDraws =
      num === 1 ? [words] : Array.from({ length: num }, (_, i) => foldInWords(words, i));
    return ofDraws.map((one) => normalAt(one, scalarTensor("uint32", 0), axes, { dtype }));
  });
}

/** Two times of one dtype; without a second one, from 0. */
function intervalOf(t0: number | Scalar, t1: number | Scalar | null): readonly Tensor[] {
  if (t1 === null) return [mul(asTensor(t0), 0), asTensor(t0)];
  const isSingle = [t0, t1].some((t) => typeof t !== "number" && t.dtype === "float32");
  const isDouble = [t0, t1].some((t) => typeof t !== "number" && t.dtype === "float64");
  const dtype = isSingle && !isDouble ? "float32" : "float64";
  return [astype(t0, dtype), astype(t1, dtype)];
}

function checkOrder(from: Tensor, to: Tensor): void {
  const isRight = lessEqual(from, to);
  const message = "UnsafeBrownianPath: t0 must not be after t1";
  if (isTraced(isRight)) assert(isRight, message);
  else if (isRight.item() === 0)
    throw new RangeError(`${message}, got ${from.item()} and ${to.item()}`);
}

function wordOf(t: Tensor, timeBits: "exact" | "0.7.2"): Scalar {
  return timeWord(timeBits === "0.7.2" ? astype(t, "float32") : t);
}
