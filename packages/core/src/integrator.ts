import {
  type IntegratorMaker,
  integratorFromJSON,
  integratorWith,
  type RawOptions,
} from "@diffrax-ts/integrate";
import { readField, readFunctions } from "@diffrax-ts/plain";
import type { Solver } from "@diffrax-ts/protocol";

/**
 * A solve that its owner moves on: step by step, up to a time, or in bursts between which the event loop turns. Its state can be
 * looked at and changed, and saved to go on elsewhere with the same bits.
 *
 * It takes the options of `diffeqsolve`, and comes to the solution of `diffeqsolve`, to the last bit, as long as nothing is
 * changed and no step is shortened. It is traced and compiled when it is made.
 *
 * @throws What `diffeqsolve` throws for options that make no sense; TypeError for a `progressMeter`, and inside of a traced function.
 *
 * @example
 * ```ts
 * import { integrator, Tsit5 } from "@diffrax-ts/core";
 *
 * const live = integrator((t, y, rate) => rate * y, Tsit5(), { t0: 0, t1: 10, dt0: 0.125, y0: 1, args: 1 });
 * await live.advance({ until: 1 });
 * [live.t, live.y.item()];
 * // → [1, 2.71828…]
 * live.args = -1;
 * live.step();
 * [live.t, live.y.item()];
 * // → [1.125, 2.39888…]
 * ```
 */
export const integrator: IntegratorMaker = /* @__PURE__ */ Object.assign(
  (terms: unknown, solver: Solver, options: unknown) =>
    integratorWith({ readField, readFunctions }, terms, solver, options as RawOptions) as never,
  {
    fromJSON: (saved: unknown, terms: unknown, solver: Solver, options: unknown) =>
      integratorFromJSON(
        { readField, readFunctions },
        { saved, terms, solver, given: options as RawOptions },
      ) as never,
  },
);
