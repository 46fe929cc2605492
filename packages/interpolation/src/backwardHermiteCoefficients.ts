import { add, concatenate, div, expandDims, isNaN, mul, neg, sub, where } from "@diffrax-ts/array";
import { scan } from "@diffrax-ts/autodiff";
import { type Tree, treeMap } from "@diffrax-ts/protocol";
import { checkOptions, type Tensor } from "@diffrax-ts/pytree";
import { type DataOf, readData, rowLike, type Times } from "./data.ts";
import {
  fillForward,
  nextObserved,
  type Observed,
  slopeBetween,
  timesLike,
  withoutFirst,
  withoutLast,
} from "./fillData.ts";
import { startsOf } from "./missingData.ts";

/** The coefficients of cubics, one for each piece: `d s³ + c s² + b s + a` at `s = t - ts[i]`. */
export interface CubicCoefficients<Ys = Tree> {
  readonly d: DataOf<Ys>;
  readonly c: DataOf<Ys>;
  readonly b: DataOf<Ys>;
  readonly a: DataOf<Ys>;
}

/** Options of `backwardHermiteCoefficients`. */
export interface HermiteOptions {
  /** The slope at `ts[0]`, in the structure of a row of `ys`. @defaultValue that to the next observation */
  readonly deriv0?: unknown;
  /** What stands in the place of numbers that are missing before the first observation. @defaultValue they stay NaN */
  readonly replaceNansAtStart?: unknown;
  /** Whether numbers that are missing behind the last observation are that one. @defaultValue false */
  readonly fillForwardNansAtEnd?: boolean;
}

/**
 * The coefficients of Hermite cubics with backward differences: of each piece the value and the slope at its start, which is
 * that of the line from the observation before, and the value at its end. The curve is smooth, and up to a time it depends on no
 * observation but the next one. Hand them to `CubicInterpolation`.
 *
 * @param ts - `[n]`, increasing.
 * @param ys - Data with `n` rows; NaN where a number is missing.
 * @returns Data with `n - 1` rows.
 * @throws TypeError for times of another dtype, or for another number of rows; RangeError for times that do not increase.
 * @see Morrill, Kidger, Yang, Lyons (2021), Neural controlled differential equations for online prediction tasks, arXiv:2106.11028
 *
 * @example
 * ```ts
 * import { backwardHermiteCoefficients } from "@diffrax-ts/interpolation";
 *
 * const { b } = backwardHermiteCoefficients([0, 1, 3], [1, 2, 6]);
 * // The slopes at 0 and 1
 * b.toArray();
 * // → [1, 1]
 * ```
 */
export function backwardHermiteCoefficients<const Ys>(
  ts: Times,
  ys: Ys,
  options: HermiteOptions = {},
): CubicCoefficients<Ys> {
  const name = "backwardHermiteCoefficients";
  const names = ["deriv0", "replaceNansAtStart", "fillForwardNansAtEnd"] as const;
  const {
    deriv0,
    replaceNansAtStart,
    fillForwardNansAtEnd = false,
  } = checkOptions(name, options, names);
  const data = readData(name, ts, ys);
  const starts = startsOf(name, replaceNansAtStart, data.ys);
  const slopes = deriv0 === undefined ? [] : [rowLike(`${name}: deriv0`, deriv0, data.ys)];
  const cubics: Cubic[] = [];
  const fit = (y: Tensor, y0: Tensor, slope?: Tensor): Tensor => {
    cubics.push(cubicsThrough(data.ts, y, { y0, slope, isFilledAtEnd: fillForwardNansAtEnd }));
    return y;
  };
  treeMap(fit, data.ys, starts, ...slopes);
  const all = (letter: keyof Cubic): unknown => {
    let next = 0;
    return treeMap(() => cubics[next++]![letter], data.ys);
  };
  return { d: all("d"), c: all("c"), b: all("b"), a: all("a") } as CubicCoefficients<Ys>;
}

interface Cubic {
  readonly d: Tensor;
  readonly c: Tensor;
  readonly b: Tensor;
  readonly a: Tensor;
}

/** An observation, and the slope there. */
interface Sloped extends Observed {
  readonly slope: Tensor;
}

interface Start {
  readonly y0: Tensor;
  readonly slope: Tensor | undefined;
  readonly isFilledAtEnd: boolean;
}

/** The cubics through data in one array. */
function cubicsThrough(ts: Tensor, ys: Tensor, { y0, slope, isFilledAtEnd }: Start): Cubic {
  const times = timesLike(ts, ys);
  const ahead = nextObserved(withoutFirst(times), withoutFirst(ys));
  const next = isFilledAtEnd ? { ...ahead, y: fillForward(ahead.y, ahead.y.at(0)) } : ahead;
  const first = { t: times.at(0), y: y0 };
  const start = {
    ...first,
    slope: slope ?? slopeBetween(first, { t: next.t.at(0), y: next.y.at(0) }),
  };
  const [startTimes, startYs] = [withoutLast(times), withoutLast(ys)];
  const before = lastSloped(start, { t: startTimes, y: startYs }, next);
  // The cubic from the last observation to the next one gives value and slope where a number is missing.
  const whole = cubicBetween(before, next);
  const s = sub(startTimes, before.t);
  return cubicBetween({ t: startTimes, y: valueAt(whole, s), slope: slopeAt(whole, s) }, next);
}

/** The last observation at the start of each piece or before it, with the slope from the one before. */
function lastSloped(start: Sloped, starts: Observed, next: Observed): Sloped {
  const step = (last: Sloped, { now, ahead }: { now: Observed; ahead: Observed }) => {
    const isFirst = isNaN(last.y); // then there is no slope from before
    const slope = where(isFirst, slopeBetween(now, ahead), slopeBetween(last, now));
    const isMissing = isNaN(now.y);
    const row = {
      t: where(isMissing, last.t, now.t),
      y: where(isMissing, last.y, now.y),
      slope: where(isMissing, last.slope, slope),
    };
    return { carry: row, row };
  };
  const rest = ({ t, y }: Observed): Observed => ({ t: withoutFirst(t), y: withoutFirst(y) });
  const { rows } = scan(step, start, { now: rest(starts), ahead: rest(next) });
  const joined = (key: keyof Sloped): Tensor => concatenate([expandDims(start[key], 0), rows[key]]);
  return { t: joined("t"), y: joined("y"), slope: joined("slope") };
}

/** The cubic with the value and the slope at its start, the value at its end, and the slope of the line between them there. */
function cubicBetween(from: Sloped, to: Observed): Cubic {
  const dt = sub(to.t, from.t);
  const bend = sub(slopeBetween(from, to), from.slope);
  return { d: div(neg(bend), mul(dt, dt)), c: div(mul(bend, 2), dt), b: from.slope, a: from.y };
}

function valueAt({ d, c, b, a }: Cubic, s: Tensor): Tensor {
  return add(a, mul(s, add(b, mul(s, add(c, mul(s, d))))));
}

function slopeAt({ d, c, b }: Omit<Cubic, "a">, s: Tensor): Tensor {
  return add(b, mul(s, add(mul(c, 2), mul(mul(s, 3), d))));
}
