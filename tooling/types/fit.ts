// A fit closes its loop: numbers go in, numbers come out, and nothing has to be cast.
import {
  BacksolveAdjoint,
  diffeqsolve,
  grad,
  np,
  PIDController,
  type Scalar,
  Tsit5,
  valueAndGrad,
} from "@diffrax-ts/core";
import { adam, applyUpdates } from "@diffrax-ts/nn";

interface Rates {
  a: number;
  b: number;
}

const data = np.tensor([1, 0.8, 0.7]);

const loss = ({ a, b }: { readonly a: Scalar; readonly b: Scalar }) => {
  const { ys } = diffeqsolve((_t, y, rates) => -rates.a * y + rates.b, Tsit5(), {
    t0: 0,
    t1: 1,
    dt0: null,
    y0: 1,
    args: { a, b },
    saveat: { ts: [0, 0.5, 1] },
    stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-6 }),
    adjoint: BacksolveAdjoint(),
  });
  const error = np.sub(ys, data);
  return np.mean(np.mul(error, error));
};

export function descend(start: Rates): Rates {
  let rates = start;
  const step = valueAndGrad(loss);
  for (let i = 0; i < 100; i++) {
    const { value, grad: slope } = step(rates);
    if (value < 1e-6) break;
    rates = { a: rates.a - 0.1 * slope.a, b: rates.b - 0.1 * slope.b };
  }
  return rates;
}

export function descendWithAdam(start: Rates): Rates {
  const optimizer = adam(0.01);
  let rates = start;
  let state = optimizer.init(rates);
  for (let i = 0; i < 100; i++) {
    const { updates, state: next } = optimizer.update(grad(loss)(rates), state, rates);
    state = next;
    rates = applyUpdates(rates, updates);
  }
  return rates;
}

// @ts-expect-error -- a rate is missing
descend({ a: 1 });
