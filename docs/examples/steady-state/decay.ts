import {
  diffeqsolve,
  Event,
  ImplicitAdjoint,
  np,
  PIDController,
  type Scalar,
  steadyStateEvent,
  Tsit5,
  valueAndGrad,
} from "@diffrax-ts/core";
import { applyUpdates, sgd } from "@diffrax-ts/nn";

/** Where the solution is to rest. */
export const target = 0.76;

/** A step of the descent: where the solution rests, the square of how far that is off, and its slope. */
export interface DescentStep {
  readonly rest: number;
  readonly loss: number;
  readonly slope: number;
}

/** How far from the target `y' = rest - y` comes to rest, squared. */
const loss = valueAndGrad((rest: Scalar) => {
  const { ys } = diffeqsolve((_t, y, s) => s - y, Tsit5(), {
    t0: 0,
    t1: Infinity,
    dt0: 0.01,
    y0: 1,
    args: rest,
    stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-6 }),
    event: Event({ condFn: steadyStateEvent() }),
    adjoint: ImplicitAdjoint(),
    maxSteps: null,
  });
  const off = np.sub(ys.at(0), target);
  return np.mul(off, off) as Scalar;
});

/** The example of Diffrax, number by number: gradient descent with Nesterov's momentum, from rest at 0. */
export function descend(steps: number): readonly DescentStep[] {
  const optimizer = sgd(1e-2, { momentum: 0.7, nesterov: true });
  const descent: DescentStep[] = [];
  let rest = 0;
  let state = optimizer.init(rest);
  for (let i = 0; i < steps; i++) {
    const { value, grad } = loss(rest);
    descent.push({ rest, loss: value, slope: grad });
    const updated = optimizer.update(grad, state);
    state = updated.state;
    rest = applyUpdates(rest, updated.updates);
  }
  return descent;
}
