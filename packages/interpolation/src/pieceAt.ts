import { add, maximum, minimum, searchsorted, sub } from "@diffrax-ts/array";
import { isTraced } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";

/** The numbers of a piece and of its end. */
export interface Piece {
  readonly i: number | Tensor;
  readonly next: number | Tensor;
}

/**
 * The piece that `t` lies in, of those between the first `count + 1` of the times: at a time between two of them it is the one that
 * ends there (`left`), or the one that begins. Before all of them it is the first, and behind them the last.
 */
export function pieceAt(ts: Tensor, count: number | Tensor, t: Tensor, left: boolean): Piece {
  if (typeof count !== "number" || isTraced(t) || isTraced(ts)) {
    const index = sub(searchsorted(ts, t, { side: left ? "left" : "right" }), 1);
    // Times beyond the last piece are padding.
    const last = typeof count === "number" ? count - 1 : sub(count, 1);
    const i = maximum(minimum(index, last), 0);
    return { i, next: add(i, 1) };
  }
  const times = ts.data;
  const time = t.item();
  let [low, high] = [0, count - 1]; // the first piece whose end is not before (left) or is after (right) the time
  while (low < high) {
    const middle = (low + high) >> 1;
    const end = times[ts.offset + (middle + 1) * ts.stride[0]!]!;
    if (left ? end >= time : end > time) high = middle;
    else low = middle + 1;
  }
  return { i: low, next: low + 1 };
}
