import { add, div, greater, maximum, mul, slice, sqrt, sub, where } from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";
import { foldInWords, type KeyWords } from "@diffrax-ts/random";
import { covarianceFactor } from "./covarianceFactor.ts";
import { keysOfHalf } from "./keysOfHalf.ts";

/** Normal numbers for a key, or for each of several; with further axes, some more of them. */
export type Draw = (key: KeyWords, more?: readonly number[]) => Tensor;

/** What is known of the piece from `s` to `u` that holds the time: `W`, and `H` and `K` times the lengths of their intervals. */
export interface FullPiece {
  readonly s: Tensor;
  readonly key: KeyWords;
  readonly w: Tensor;
  readonly wSU: Tensor;
  readonly h: Tensor;
  readonly hSU: Tensor;
  readonly k: Tensor;
  readonly kSU: Tensor;
}

/** The half of a piece of length `su` that holds `r`. */
export function halfWithAreas(
  { s, key, w, wSU, h, hSU, k, kSU }: FullPiece,
  su: Tensor,
  r: Tensor,
  draw: Draw,
): FullPiece {
  const st = div(su, 2);
  const t = add(s, st);
  const isLater = greater(r, t);
  const { middle, half } = keysOfHalf(key, isLater);
  const z = mul(draw(foldInWords(middle, 0)), sqrt(div(su, 16)));
  const x1 = mul(draw(foldInWords(middle, 1)), sqrt(div(su, 768)));
  const x2 = mul(draw(foldInWords(middle, 2)), sqrt(div(su, 2880)));
  const su2 = mul(su, su);
  const wMean = div(wSU, 2);
  const wRest = add(mul(div(3, mul(su, 2)), hSU), z);
  const hMean = sub(div(hSU, 8), mul(div(st, 2), z));
  const hRest = add(mul(div(15, mul(su, 8)), kSU), mul(st, x1));
  const kMean = sub(div(kSU, 32), mul(div(su2, 8), x1));
  const kRest = mul(div(su2, 4), x2);
  const [wST, hST, kST] = [add(wMean, wRest), add(hMean, hRest), add(kMean, kRest)];
  const wT = add(w, wST);
  const bridge = sub(mul(t, w), mul(s, wT));
  const hT = add(add(h, hST), div(bridge, 2));
  const inner = sub(mul(div(st, 2), h), mul(div(s, 2), hST));
  const kT = add(add(add(k, kST), inner), mul(div(sub(t, mul(s, 2)), 12), bridge));
  return {
    s: where(isLater, t, s),
    key: half,
    w: where(isLater, wT, w),
    wSU: where(isLater, sub(wMean, wRest), wST),
    h: where(isLater, hT, h),
    hSU: where(isLater, sub(hMean, hRest), hST),
    k: where(isLater, kT, k),
    kSU: where(isLater, sub(kMean, kRest), kST),
  };
}

/** The motion at `r` within the last piece, by theorem 3.7 of Jelinčič, Foster, Kidger (2024). */
export function withinWithAreas(
  { s, key, w, wSU, h, hSU, k, kSU }: FullPiece,
  su: number,
  r: Tensor,
  draw: Draw,
): { readonly r: Tensor; readonly W: Tensor; readonly barH: Tensor; readonly barK: Tensor } {
  const sr = maximum(sub(r, s), 0);
  const ru = maximum(sub(su, sr), 0);
  const power = (x: Tensor, n: number): Tensor => (n === 1 ? x : mul(power(x, n - 1), x));
  const [x, y] = [div(sr, su), div(ru, su)];
  const [sr2, ru2, srru] = [mul(sr, sr), mul(ru, ru), mul(sr, ru)];
  const [x3, x5, xy] = [power(x, 3), power(x, 5), mul(x, y)];

  const bridgeMean = add(
    mul(div(mul(xy, 6), su), hSU),
    mul(div(mul(mul(xy, 120), sub(0.5, x)), su ** 2), kSU),
  );
  const wMean = add(mul(x, wSU), bridgeMean);
  const hMean = mul(div(mul(x, x), su), add(hSU, mul(div(mul(y, 30), su), kSU)));
  const kMean = mul(div(x3, su ** 2), kSU);

  const skew = sub(sr, ru);
  const ww = div(mul(xy, add(power(skew, 4), mul(4, mul(sr2, ru2)))), su ** 3);
  const whSize = add(sub(sr2, mul(3, srru)), mul(6, ru2));
  const wh = div(mul(mul(mul(x3, y), whSize), -1), 2 * su);
  const wk = div(mul(mul(power(x, 4), y), skew), 12);
  const hhSize = add(add(sr2, mul(2, srru)), mul(16, ru2));
  const hh = mul(div(sr, 12), sub(1, div(mul(x3, hhSize), su ** 2)));
  const hk = mul(mul(div(ru, 24), x5), -1);
  const kk = mul(div(sr, 720), sub(1, x5));
  const factor = covarianceFactor({ ww, wh, wk, hh, hk, kk });

  const z = draw(key, [3]);
  const columns = [0, 1, 2].map((j) => slice(z, ...w.shape.map(() => null), j));
  const [wRest, hRest, kRest] = factor.map((row) =>
    row.map((entry, j) => mul(entry, columns[j]!)).reduce((sum, one) => add(sum, one)),
  ) as [Tensor, Tensor, Tensor];

  const W = add(w, add(wMean, wRest));
  const bridge = sub(mul(r, w), mul(s, W));
  const hSR = mul(sr, add(hMean, hRest));
  const barH = add(add(h, hSR), mul(0.5, bridge));
  const kSR = mul(sr2, add(kMean, kRest));
  const inner = sub(mul(div(sr, 2), h), mul(div(s, 2), hSR));
  const barK = add(add(add(k, kSR), inner), mul(div(sub(r, mul(s, 2)), 12), bridge));
  return { r, W, barH, barK };
}
