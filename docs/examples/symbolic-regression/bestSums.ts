import { np, type Tensor } from "@diffrax-ts/core";
import type { Equation } from "./Equation.ts";
import { solveLinear } from "./solveLinear.ts";
import { terms } from "./terms.ts";

/** A sum of terms, and how far it is from what it should be. */
export interface Candidate extends Equation {
  /** The mean square of the differences. */
  readonly loss: number;
}

/**
 * The sums of no term, of one, two, and so on up to `most`, that come closest to the slopes at the given places. Every choice of
 * terms is tried, each with the factors `a` of least squares and with `b = 1`.
 *
 * @param places - `[n, 2]`
 * @param slopes - `[n]`
 */
export function bestSums(places: Tensor, slopes: Tensor, most: number): Candidate[] {
  const rows = places.toArray() as number[][];
  const values = np.tensor(rows.map(([x, y]) => terms.map(({ value }) => value(x!, y!, 1))));
  const meanOfProducts = (a: Tensor): Tensor => np.div(np.matmul(a, values), rows.length);
  const gram = meanOfProducts(np.transpose(values)).toArray() as number[][];
  const withSlopes = meanOfProducts(slopes).toArray() as number[];
  const square = np.mean(np.square(slopes)).item();

  const fit = (chosen: readonly number[]): Candidate => {
    const right = chosen.map((i) => withSlopes[i]!);
    const factors = solveLinear(
      chosen.map((i) => chosen.map((j) => gram[i]![j]!)),
      right,
    );
    return {
      terms: chosen.map((i) => terms[i]!),
      constants: factors.map((a) => ({ a, b: 1 })),
      loss: square - factors.reduce((sum, a, k) => sum + a * right[k]!, 0),
    };
  };
  return Array.from({ length: most + 1 }, (_, size) =>
    choices(terms.length, size)
      .map(fit)
      .reduce((best, one) => (one.loss < best.loss ? one : best)),
  );
}

/** All choices of `size` of the numbers below `n`. */
function choices(n: number, size: number): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: n }, (_, last) => last).flatMap((last) =>
    choices(last, size - 1).map((before) => before.concat(last)),
  );
}

/** The sum whose last term is worth most: it divides the loss by the largest factor. */
export function mostTelling(candidates: readonly Candidate[]): Candidate {
  const gains = candidates.map(({ loss }, i) => (i === 0 ? 0 : candidates[i - 1]!.loss / loss));
  return candidates[gains.indexOf(Math.max(...gains))]!;
}
