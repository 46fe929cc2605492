import {
  abs,
  greater,
  logicalNot,
  max,
  mul,
  reshape,
  sub,
  take,
  tensor,
  transpose,
} from "@diffrax-ts/array";
import { vmap } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import { type DType, fixed, type Tensor } from "@diffrax-ts/pytree";
import { type Bandwidth, checkBandwidth, fits, showBandwidth } from "./Bandwidth.ts";
import { inSpace, mvFlat, requireSquare } from "./flat.ts";
import { bandTimes } from "./kernels/band.ts";
import type { LinearOperator } from "./LinearOperator.ts";
import { isDiagonal } from "./properties.ts";
import { epsilon } from "./rcond.ts";
import { requireTrue } from "./requireTrue.ts";

/** How many diagonals of an operator may hold numbers; `null` if it has not been said. */
export function bandwidthOf(operator: LinearOperator): Bandwidth | null {
  const own = operator.bandwidth?.() ?? null;
  if (own !== null) return own;
  if (isDiagonal(operator)) return { lower: 0, upper: 0 };
  return operator.has("tridiagonal") ? { lower: 1, upper: 1 } : null;
}

/**
 * The diagonals of an operator, `[n, lower + upper + 1]`, as `bandRows` of `LinearOperator` says. Of one that is known by its
 * products alone they are found with `lower + upper + 1` of them, whatever its size.
 *
 * @throws TypeError if the operator is declared to have more diagonals.
 */
export function bandRowsOf(name: string, operator: LinearOperator, bandwidth: Bandwidth): Tensor {
  requireSquare(name, operator);
  const wanted = checkBandwidth(name, bandwidth);
  const own = bandwidthOf(operator);
  if (own !== null && !fits(own, wanted)) {
    throw new TypeError(
      `${name}: a band with ${showBandwidth(wanted)} is too narrow: the operator is declared with ${showBandwidth(own)}`,
    );
  }
  return operator.bandRows?.(wanted) ?? probedBand(operator, wanted);
}

/**
 * Columns that no row has in common are found with one product (Curtis, Powell and Reid 1974): column `j` has colour
 * `j mod w`, with `w` diagonals, and a row meets each colour once.
 */
function probedBand(operator: LinearOperator, { lower, upper }: Bandwidth): Tensor {
  const { size: n, dtype } = inSpace(operator);
  const w = lower + upper + 1;
  const products = vmap((seed: Tensor) => mvFlat(operator, seed))(seeds(n, w, dtype));
  // rows[i, d] = products[(i - lower + d) mod w, i]; outside of the matrix nothing has that colour.
  const places = Array.from({ length: n * w }, (_, k) => {
    const [i, d] = [Math.floor(k / w), k % w];
    return i * w + ((((i - lower + d) % w) + w) % w);
  });
  return reshape(take(transpose(products), places), [n, w]);
}

/** `seeds[c, j]`: whether column `j` has colour `c`. */
function seeds(n: number, w: number, dtype: DType): Tensor {
  const elements = Float64Array.from({ length: w * n }, (_, k) =>
    (k % n) % w === Math.floor(k / n) ? 1 : 0,
  );
  return reshape(tensor(elements, { dtype }), [w, n]);
}

/** Kinds of operators that have no place for other numbers. */
const storedByDiagonals: Readonly<Record<string, boolean>> = {
  DiagonalLinearOperator: true,
  TridiagonalLinearOperator: true,
  BandedLinearOperator: true,
  IdentityLinearOperator: true,
};

/**
 * Makes sure that an operator has no numbers outside of a band, by one product with a vector: for a bandwidth that somebody has declared,
 * once, before many solves.
 *
 * @param name - What needs to know, for errors.
 * @throws Error if there are some; inside a traced function when it runs.
 *
 * @example
 * ```ts
 * import { mul, tensor } from "@diffrax-ts/array";
 * import { JacobianLinearOperator, requireBand } from "@diffrax-ts/linear-solvers";
 * import type { Tensor } from "@diffrax-ts/pytree";
 *
 * const squares = JacobianLinearOperator((x: Tensor) => mul(x, x), tensor([1, 2, 3]));
 * requireBand("mySolver", squares, { lower: 0, upper: 0 });
 * ```
 */
export function requireBand(name: string, operator: LinearOperator, bandwidth: Bandwidth): void {
  const { lower, upper } = checkBandwidth(name, bandwidth);
  const band = { lower: fixed(lower), upper: fixed(upper) };
  const message =
    `${name}: the operator (${operator.kind}) holds numbers outside of a band with ${showBandwidth(bandwidth)}; ` +
    "declare more diagonals, or a solver for all of them such as LU()";
  requireTrue(name, isWithin, [name, operator, band] as never, message);
}

/** Whether a product with the operator is one with its band. */
function isWithin(name: string, operator: LinearOperator, bandwidth: Bandwidth): Tensor {
  const rows = bandRowsOf(name, operator, bandwidth);
  if (storedByDiagonals[operator.kind] === true) return scalarTensor("bool", 1);
  const { size: n, dtype } = inSpace(operator);
  // No two columns may cancel: numbers without a pattern, far from zero.
  const x = tensor(
    Float64Array.from({ length: n }, (_, j) => 1 + ((j * 0.6180339887498949) % 1)),
    { dtype },
  );
  const off = max(abs(sub(mvFlat(operator, x), bandTimes(rows, bandwidth, x))));
  // Row i of a product is Σ aᵢⱼ xⱼ, whose terms are together as large as Σ |aᵢⱼ| xⱼ. Rounding moves a sum of m terms by up to m ε of that, and
  // hardly ever by more than a few √m ε, since errors have either sign (Higham and Mary 2019, doi:10.1137/18M1226312). Terms outside of the band
  // are zeros, which add no error, but a derivative may have passed through sums over all n elements. The bound m ε would be useless: with n = 10⁵
  // in float32 it allows for an error as large as the numbers themselves. 64 and 16 leave room for what a function does beside adding up.
  const size = max(bandTimes(abs(rows), bandwidth, x));
  return logicalNot(greater(off, mul(size, 64 * (Math.sqrt(n) + 16) * epsilon(dtype))));
}
