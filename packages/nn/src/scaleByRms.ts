import {
  add,
  astype,
  div,
  fullLike,
  mul,
  pow,
  sqrt,
  sub,
  tensor,
  zerosLike,
} from "@diffrax-ts/array";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { requireNumber } from "./checks.ts";
import { mapLeaves } from "./mapLeaves.ts";
import type { Optimizer, OptimizerState, OptimizerStep } from "./Optimizer.ts";

/** How gradients are divided by what they usually are. */
export interface RmsOptions {
  /** How much of the mean of the squares is kept from step to step. @defaultValue 0.9 */
  readonly decay?: number;
  /** Added to the mean of the squares. @defaultValue 1e-8 */
  readonly eps?: number;
  /** What that mean starts with. @defaultValue 0 */
  readonly initialScale?: number;
  /** Whether `eps` is added under the root, and not to it. @defaultValue true */
  readonly epsInSqrt?: boolean;
  /** Whether it is the variance, and not the mean of the squares. @defaultValue false */
  readonly centered?: boolean;
  /** Whether means are corrected for what they start with. @defaultValue false */
  readonly biasCorrection?: boolean;
}

interface Rms extends Optimizer<"scaleByRms">, Required<RmsOptions> {}

interface RmsState extends OptimizerState {
  /** How many steps there were; only a correction wants to know. */
  readonly count: Scalar | null;
  readonly mu: unknown;
  readonly nu: unknown;
}

/** Gradients divided by the root of their mean square, or (`centered`) of their variance. */
export function scaleByRms(name: string, options: RmsOptions): Optimizer {
  const { decay = 0.9, eps = 1e-8, initialScale = 0 } = options;
  const { epsInSqrt = true, centered = false, biasCorrection = false } = options;
  requireNumber(name, "decay", decay, ">= 0 and < 1", (x) => x >= 0 && x < 1);
  for (const [key, x] of Object.entries({ eps, initialScale }))
    requireNumber(name, key, x, ">= 0", (value) => value >= 0 && value < Infinity);
  const data = { decay, eps, initialScale, epsInSqrt, centered, biasCorrection };
  return part("scaleByRms", { ...data, init, update });
}

function init<Params>(this: Rms, params: Params): RmsState {
  const { initialScale, centered, biasCorrection } = this;
  return part("RmsState", {
    count: biasCorrection ? tensor(0, { dtype: "int32" }) : null,
    mu: centered ? mapLeaves((x) => zerosLike(x), { params }) : null,
    nu: mapLeaves((x) => fullLike(x, initialScale), { params }),
  });
}

function update<Params>(this: Rms, grads: Params, state: OptimizerState): OptimizerStep<Params> {
  const { decay, eps, epsInSqrt } = this;
  const before = state as RmsState;
  const mean = (x: Tensor, last: Tensor): Tensor => add(mul(x, 1 - decay), mul(last, decay));

  const nu: Params = mapLeaves((g, last) => mean(mul(g, g), last), {
    grads,
    "state.nu": before.nu,
  });
  const mu: Params | null =
    before.mu === null ? null : mapLeaves(mean, { grads, "state.mu": before.mu });

  const count = before.count === null ? null : add(before.count, 1);
  const correction = count === null ? 1 : sub(1, pow(decay, astype(count, "float64")));
  const corrected = (x: Tensor): Tensor =>
    typeof correction === "number" ? x : div(x, astype(correction, x.dtype));
  const scaled = (g: Tensor, square: Tensor): Tensor =>
    div(g, epsInSqrt ? sqrt(add(square, eps)) : add(sqrt(square), eps));
  const updates: Params =
    mu === null
      ? mapLeaves((g, v) => scaled(g, corrected(v)), { grads, nu })
      : mapLeaves((g, v, m) => scaled(g, sub(corrected(v), mul(corrected(m), corrected(m)))), {
          grads,
          nu,
          mu,
        });
  return { updates, state: part("RmsState", { count, mu, nu }) };
}
