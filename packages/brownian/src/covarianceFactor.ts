import {
  abs,
  add,
  astype,
  div,
  equal,
  less,
  logicalNot,
  mul,
  neg,
  sqrt,
  sub,
  where,
} from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";

/** A symmetric matrix of three rows, by its entries on and above the diagonal. */
export interface Covariance {
  readonly ww: Tensor;
  readonly wh: Tensor;
  readonly wk: Tensor;
  readonly hh: Tensor;
  readonly hk: Tensor;
  readonly kk: Tensor;
}

type Row = readonly [Tensor, Tensor, Tensor];

/** The eigenvectors, one column for each eigenvalue. */
interface Columns {
  readonly values: Row;
  readonly vectors: readonly [Row, Row, Row];
}

/** Jacobi's method has converged after so many sweeps: each squares what is beside the diagonal. */
const sweeps = 6;

/**
 * `F` with `F Fᵀ` a covariance: the eigenvectors, each times the root of its eigenvalue, from the largest one on. It has the signs
 * that LAPACK gives those of space-time-time Lévy areas, for every place within a piece: the first row is negative, negative,
 * positive.
 *
 * @see Demmel, Veselić (1992), Jacobi's method is more accurate than QR, doi:10.1137/0613074
 */
export function covarianceFactor(cov: Covariance): readonly [Row, Row, Row] {
  const { values, vectors } = sorted(eigenvectors(cov));
  const columns = vectors.map((vector, j) => {
    const isNegative = less(vector[0], 0);
    const isTurned = j === 2 ? isNegative : logicalNot(isNegative);
    const root = sqrt(where(less(values[j]!, 0), 0, values[j]!));
    return vector.map((x) => mul(where(isTurned, neg(x), x), root)) as unknown as Row;
  });
  return [0, 1, 2].map((i) => columns.map((column) => column[i]!)) as unknown as readonly [
    Row,
    Row,
    Row,
  ];
}

function eigenvectors({ ww, wh, wk, hh, hk, kk }: Covariance): Columns {
  const a = [
    [ww, wh, wk],
    [wh, hh, hk],
    [wk, hk, kk],
  ];
  const one = add(mul(ww, 0), 1);
  const zero = mul(ww, 0);
  // Columns of eigenvectors
  const v = [
    [one, zero, zero],
    [zero, one, zero],
    [zero, zero, one],
  ];
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const r = 3 - p - q;
      const [app, aqq, apq] = [a[p]![p]!, a[q]![q]!, a[p]![q]!];
      // The rotation that makes apq zero: t = sign(θ) / (|θ| + √(θ² + 1)), θ = (aqq - app) / 2 apq
      const isDone = equal(apq, 0);
      const theta = div(sub(aqq, app), mul(2, where(isDone, 1, apq)));
      const size = add(abs(theta), sqrt(add(mul(theta, theta), 1)));
      const t = where(isDone, 0, div(signOf(theta), size));
      const c = div(1, sqrt(add(mul(t, t), 1)));
      const s = mul(t, c);
      a[p]![p] = sub(app, mul(t, apq));
      a[q]![q] = add(aqq, mul(t, apq));
      a[p]![q] = zero;
      a[q]![p] = zero;
      const [arp, arq] = [a[r]![p]!, a[r]![q]!];
      a[r]![p] = sub(mul(c, arp), mul(s, arq));
      a[r]![q] = add(mul(s, arp), mul(c, arq));
      a[p]![r] = a[r]![p]!;
      a[q]![r] = a[r]![q]!;
      const [vp, vq] = [v[p]!, v[q]!];
      v[p] = vp.map((x, i) => sub(mul(c, x), mul(s, vq[i]!)));
      v[q] = vp.map((x, i) => add(mul(s, x), mul(c, vq[i]!)));
    }
  }
  return {
    values: [a[0]![0]!, a[1]![1]!, a[2]![2]!],
    vectors: v as unknown as Columns["vectors"],
  };
}

function signOf(x: Tensor): Tensor {
  return astype(where(less(x, 0), -1, 1), x.dtype);
}

/** From the largest eigenvalue to the smallest. */
function sorted({ values, vectors }: Columns): Columns {
  const all = [0, 1, 2].map((i) => ({ value: values[i]!, vector: vectors[i]! }));
  for (const [i, j] of [
    [0, 1],
    [1, 2],
    [0, 1],
  ] as const) {
    const [x, y] = [all[i]!, all[j]!];
    const isSwapped = less(x.value, y.value);
    const chosen = (a: typeof x, b: typeof x) => ({
      value: where(isSwapped, b.value, a.value),
      vector: a.vector.map((one, k) => where(isSwapped, b.vector[k]!, one)) as unknown as Row,
    });
    all[i] = chosen(x, y);
    all[j] = chosen(y, x);
  }
  return {
    values: all.map(({ value }) => value) as unknown as Row,
    vectors: all.map(({ vector }) => vector) as unknown as Columns["vectors"],
  };
}
