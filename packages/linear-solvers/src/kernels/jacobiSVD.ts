// The singular value decomposition by one-sided Jacobi rotations (Hestenes 1958): rows are rotated in pairs until all are orthogonal.
import {
  abs,
  add,
  any,
  concatenate,
  copysign,
  div,
  expandDims,
  eye,
  greater,
  logicalOr,
  max,
  mul,
  pad,
  slice,
  sqrt,
  sub,
  sum,
  take,
  where,
} from "@diffrax-ts/array";
import { scan, type ScanStep, whileLoop } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { epsilon } from "../rcond.ts";

/** `A = Σ sᵢ uᵢ vᵢᵀ`, in no order. */
export interface SVDFactors {
  /** `uᵢ` in rows, `[k, m]`; zeros where `sᵢ` is. */
  readonly u: Tensor;
  /** `sᵢ`, `[k]`. */
  readonly s: Tensor;
  /** `vᵢ` in rows, `[k, n]`. */
  readonly v: Tensor;
}

/** More sweeps than this have not been seen to be needed; 6 to 10 are usual. */
const mostSweeps = 40;

interface Rotated {
  readonly rows: Tensor;
  readonly v: Tensor;
  /** Whether two rows were not orthogonal. */
  readonly hasMoved: Tensor;
}

/** @param columns - The columns of `A` in rows, `[n, m]`, no more than they are long. */
export function factorSVD(columns: Tensor): SVDFactors {
  const { dtype } = columns;
  const n = columns.length;
  const size = max(abs(columns));
  const scale = where(greater(size, 0), size, 1); // against overflow of squares
  const even = n + (n % 2);
  const filled = pad(div(columns, scale), [
    [0, even - n],
    [0, 0],
  ]);
  const start: Rotated = {
    rows: filled,
    v: eye(even, { dtype }),
    hasMoved: scalarTensor("bool", 1),
  };
  const { rows, v } = whileLoop(({ hasMoved }) => hasMoved, sweep, start, { maxSteps: mostSweeps });
  const lengths = sqrt(sum(mul(rows, rows), { axis: 1 }));
  const divisors = expandDims(where(greater(lengths, 0), lengths, 1), 1);
  return { u: div(rows, divisors), s: mul(lengths, scale), v: slice(v, null, [0, n]) };
}

/** Every row meets every other once. */
function sweep({ rows, v }: Rotated): Rotated {
  const start: Rotated = { rows, v, hasMoved: scalarTensor("bool", 0) };
  return scan(round, start, null, { length: Math.max(rows.length - 1, 1) }).carry;
}

/** Row `i` of the upper half meets row `i` of the lower half; then all but the first move on by one place, as in a tournament. */
function round({ rows, v, hasMoved }: Rotated): ScanStep<Rotated, null> {
  const half = rows.length / 2;
  const [a, b] = [slice(rows, [0, half]), slice(rows, [half, null])];
  const along = (x: Tensor, y: Tensor): Tensor => sum(mul(x, y), { axis: 1 });
  const [aa, bb, ab] = [along(a, a), along(b, b), along(a, b)];
  const isOff = greater(abs(ab), mul(mul(sqrt(aa), sqrt(bb)), epsilon(rows.dtype) * 4));
  const zeta = div(sub(bb, aa), mul(2, where(isOff, ab, 1)));
  const tangent = copysign(div(1, add(abs(zeta), sqrt(add(1, mul(zeta, zeta))))), zeta);
  const t = where(isOff, tangent, 0);
  const cos = div(1, sqrt(add(1, mul(t, t))));
  const sin = mul(cos, t);
  const [c, s] = [expandDims(cos, 1), expandDims(sin, 1)];
  const order = tournament(rows.length);
  const rotated = (x: Tensor): Tensor => {
    const [upper, lower] = [slice(x, [0, half]), slice(x, [half, null])];
    const first = sub(mul(c, upper), mul(s, lower));
    const second = add(mul(s, upper), mul(c, lower));
    return take(concatenate([first, second]), order, { axis: 0 });
  };
  return {
    carry: { rows: rotated(rows), v: rotated(v), hasMoved: logicalOr(hasMoved, any(isOff)) },
    row: null,
  };
}

/** `order[i]`: which row comes to place `i`. Upper and lower half are a ring, in which the first row stays. */
function tournament(n: number): number[] {
  const half = n / 2;
  const ring = [...Array(half).keys(), ...Array.from({ length: half }, (_, i) => n - 1 - i)];
  const order: number[] = [];
  for (const [i, place] of ring.entries()) {
    const before = i === 0 ? 0 : i === 1 ? n - 1 : i - 1;
    order[place] = ring[before]!;
  }
  return order;
}
