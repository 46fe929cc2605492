import { jacrev, jit, linearSolve, np } from "@diffrax-ts/core";
import { atRest, type Rates } from "./toggle.ts";

/** What was measured when nothing changed any more. */
export const measured = { x: 1.5, y: 0.4 };

/** Rates, and how far from what was measured the genes come to rest. */
export interface Guess {
  readonly rates: Rates;
  readonly distance: number;
}

const rest = jit(atRest);
const slopes = jacrev(atRest);

/** Guesses by Newton's method: the state of rest is taken for a straight function of the rates. */
export function fit(first: Rates, steps: number): Guess[] {
  const guesses: Guess[] = [];
  let rates = first;
  for (let i = 0; i <= steps; i++) {
    const { x, y } = rest(rates);
    const off = np.tensor([x.item() - measured.x, y.item() - measured.y]);
    guesses.push({ rates, distance: np.norm(off).item() });
    const { x: ofX, y: ofY } = slopes(rates);
    const matrix = np.tensor([
      [ofX.a, ofX.b],
      [ofY.a, ofY.b],
    ]);
    const step = linearSolve(matrix, off).value;
    rates = { a: rates.a - step.at(0).item(), b: rates.b - step.at(1).item() };
  }
  return guesses;
}
