import {
  BacksolveAdjoint,
  diffeqsolve,
  Dopri5,
  PIDController,
  type Plain,
  type Saved,
  type VectorField,
} from "@diffrax-ts/core";

/**
 * The solution of `y' = f(t, y, args)` from `y0` on, at times of which the first is the start: `jax.experimental.ode.odeint`, with
 * its method, its tolerances, and gradients from a second solve that runs backward.
 */
export function odeint<const Y, const Args>(
  f: VectorField<NoInfer<Y>, NoInfer<Args>>,
  y0: Y,
  ts: readonly number[],
  args: Args,
): Saved<Plain<Y>> {
  return diffeqsolve(f, Dopri5({ scanStages: true }), {
    t0: ts[0]!,
    t1: ts.at(-1)!,
    dt0: null,
    y0,
    args,
    saveat: { ts },
    stepsizeController: PIDController({ rtol: 1.4e-8, atol: 1.4e-8 }),
    adjoint: BacksolveAdjoint(),
    maxSteps: null,
  }).ys;
}
