import type { ButcherTableau } from "@diffrax-ts/solvers";
import { rows } from "./colouredTrees.ts";

/** The size of the stability function `R(z) = 1 + z b (I - z A)⁻¹ 1`. */
export interface Stability {
  readonly at: (re: number, im: number) => number;
  readonly atInfinity: number;
}

/** By substitution, as the matrix is a triangle: `kᵢ = z (1 + Σⱼ aᵢⱼ kⱼ) / (1 - z aᵢᵢ)`. */
export function stability(tableau: ButcherTableau): Stability {
  const a = rows(tableau);
  const at = (re: number, im: number): number => {
    const k: Complex[] = [];
    for (const [i, row] of a.entries()) {
      const sum = k.reduce((total, kj, j) => plus(total, times([row[j]!, 0], kj)), one);
      k.push(over(times([re, im], sum), [1 - re * row[i]!, -im * row[i]!]));
    }
    const [x, y] = k.reduce((total, ki, i) => plus(total, times([tableau.bSol[i]!, 0], ki)), one);
    return Math.hypot(x, y);
  };
  return { at, atInfinity: limit(tableau, a) };
}

/**
 * `|R(∞)|` of a stiffly accurate method: `R` is what the last stage makes of `y₀`, and `z → ∞` makes all implicit stages zero. With an explicit first stage,
 * `yᵢ aᵢᵢ + Σ₁<ⱼ<ᵢ … = -aᵢ₁ y₀` in the limit of `z (y - y₀ …)`: the values `uᵢ = lim yᵢ` fulfil `Σⱼ aᵢⱼ uⱼ = 0`.
 */
function limit({ bSol }: ButcherTableau, a: readonly (readonly number[])[]): number {
  const u: number[] = [];
  for (const [i, row] of a.entries()) {
    if (row[i] === 0) u.push(1);
    else u.push(-u.reduce((sum, uj, j) => sum + row[j]! * uj, 0) / row[i]!);
  }
  return Math.abs(u[bSol.length - 1]!);
}

type Complex = readonly [re: number, im: number];

const one: Complex = [1, 0];
const plus = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const over = (x: Complex, [c, d]: Complex): Complex => {
  const [a, b] = times(x, [c, -d]);
  return [a / (c * c + d * d), b / (c * c + d * d)];
};
