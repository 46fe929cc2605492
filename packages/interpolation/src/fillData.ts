import { add, broadcastTo, div, isNaN, mul, reshape, slice, sub, where } from "@diffrax-ts/array";
import { scan } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";

/** What observations look like from one place on: a time and a value for every number in a row. */
export interface Observed {
  readonly t: Tensor;
  readonly y: Tensor;
}

/** Times repeated to the shape of data. */
export function timesLike(ts: Tensor, ys: Tensor): Tensor {
  return broadcastTo(reshape(ts, [ts.size, ...ys.shape.slice(1).map(() => 1)]), ys.shape);
}

/** The first observation at each time or after it; what is missing behind the last one stays so. */
export function nextObserved(ts: Tensor, ys: Tensor): Observed {
  const step = (next: Observed, { t, y }: Observed) => {
    const isMissing = isNaN(y);
    const row = { t: where(isMissing, next.t, t), y: where(isMissing, next.y, y) };
    return { carry: row, row };
  };
  const last = { t: ts.at(-1), y: ys.at(-1) };
  return scan(step, last, { t: ts, y: ys }, { reverse: true }).rows;
}

/** The last observation at each time or before it, or `y0` before the first. */
export function fillForward(ys: Tensor, y0: Tensor): Tensor {
  const step = (last: Tensor, y: Tensor) => {
    const row = where(isNaN(y), last, y);
    return { carry: row, row };
  };
  return scan(step, y0, ys).rows;
}

/** Missing numbers on the line between the observations on both sides. */
export function fillLinearly(ts: Tensor, ys: Tensor, y0: Tensor, isFilledAtEnd: boolean): Tensor {
  const times = timesLike(ts, ys);
  const next = nextObserved(times, ys);
  const nextY = isFilledAtEnd ? fillForward(next.y, next.y.at(0)) : next.y;
  interface Row extends Observed {
    readonly nextT: Tensor;
    readonly nextY: Tensor;
  }
  const step = (last: Observed, { t, y, nextT, nextY: ahead }: Row) => {
    const isMissing = isNaN(y);
    const from = { t: where(isMissing, last.t, t), y: where(isMissing, last.y, y) };
    const span = where(isMissing, sub(nextT, from.t), 1);
    const row = add(from.y, div(mul(sub(ahead, from.y), sub(t, from.t)), span));
    return { carry: from, row };
  };
  const rows = { t: times, y: ys, nextT: next.t, nextY };
  return scan(step, { t: times.at(0), y: y0 }, rows).rows;
}

/** `(to - from) / (tTo - tFrom)` */
export function slopeBetween(from: Observed, to: Observed): Tensor {
  return div(sub(to.y, from.y), sub(to.t, from.t));
}

/** All rows but the first, or but the last. */
export const withoutFirst = (x: Tensor): Tensor => slice(x, [1]);
export const withoutLast = (x: Tensor): Tensor => slice(x, [0, -1]);
