import { add, astype, div, mul, pow, sqrt, sub, tensor, zerosLike } from "@diffrax-ts/array";
import { checkOptions, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { requireNumber } from "./checks.ts";
import { mapLeaves } from "./mapLeaves.ts";
import type { Optimizer, OptimizerState, OptimizerStep } from "./Optimizer.ts";

/** Options of `adam` and its relatives. */
export interface AdamOptions {
  /** How much of the mean of the gradients is kept from step to step. @defaultValue 0.9 */
  readonly b1?: number;
  /** How much of the mean of their squares is kept. @defaultValue 0.999 */
  readonly b2?: number;
  /** Added to the root that is divided by. @defaultValue 1e-8; of `adabelief` 1e-16 */
  readonly eps?: number;
  /** Added under that root. @defaultValue 0; of `adabelief` 1e-16 */
  readonly epsRoot?: number;
}

interface Moments extends Optimizer<"scaleByMoments"> {
  readonly b1: number;
  readonly b2: number;
  readonly eps: number;
  readonly epsRoot: number;
  readonly isBelief: boolean;
}

interface MomentsState extends OptimizerState {
  readonly count: Scalar;
  readonly mu: unknown;
  readonly nu: unknown;
}

const names = ["b1", "b2", "eps", "epsRoot"] as const;

/** Gradients divided by the root of their mean square, or (`isBelief`) of their variance. */
export function scaleByMoments<Options extends AdamOptions>(
  name: string,
  options: Options,
  isBelief: boolean,
  moreNames: readonly (keyof Options & string)[] = [],
): Optimizer {
  const given = checkOptions(name, options, [...names, ...moreNames]);
  const least = isBelief ? 1e-16 : 0;
  const { b1 = 0.9, b2 = 0.999, eps = least || 1e-8, epsRoot = least } = given;
  for (const [key, x] of Object.entries({ b1, b2 }))
    requireNumber(name, key, x, ">= 0 and < 1", (value) => value >= 0 && value < 1);
  for (const [key, x] of Object.entries({ eps, epsRoot }))
    requireNumber(name, key, x, ">= 0", (value) => value >= 0 && value < Infinity);
  return part("scaleByMoments", { b1, b2, eps, epsRoot, isBelief, init, update });
}

function init<Params>(params: Params): MomentsState {
  const zeros = (): Params => mapLeaves((x) => zerosLike(x), { params });
  return part("MomentsState", {
    count: tensor(0, { dtype: "int32" }),
    mu: zeros(),
    nu: zeros(),
  });
}

function update<Params>(
  this: Moments,
  grads: Params,
  state: OptimizerState,
): OptimizerStep<Params> {
  const { b1, b2, eps, epsRoot, isBelief } = this;
  const before = state as MomentsState;
  const mean = (decay: number, x: Tensor, last: Tensor): Tensor =>
    add(mul(x, 1 - decay), mul(last, decay));

  const mu: Params = mapLeaves((g, last) => mean(b1, g, last), { grads, "state.mu": before.mu });
  const nu: Params = mapLeaves(
    (g, m, last) => {
      const x = isBelief ? sub(g, m) : g;
      const square = mean(b2, mul(x, x), last);
      return isBelief ? add(square, epsRoot) : square;
    },
    { grads, mu, "state.nu": before.nu },
  );

  const count = add(before.count, 1);
  const correction = (decay: number): Scalar => sub(1, pow(decay, astype(count, "float64")));
  const [c1, c2] = [correction(b1), correction(b2)];
  const updates: Params = mapLeaves(
    (m, v) => {
      const square = div(v, astype(c2, v.dtype));
      const root = sqrt(isBelief ? square : add(square, epsRoot));
      return div(div(m, astype(c1, m.dtype)), add(root, eps));
    },
    { mu, nu },
  );
  return { updates, state: part("MomentsState", { count, mu, nu }) };
}
