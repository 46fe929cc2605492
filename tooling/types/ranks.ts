// A tensor of which the type does not tell the rank is taken where one number is wanted; that it has rank 0 is checked when it is used.
import {
  ClipStepSizeController,
  diffeqsolve,
  np,
  PIDController,
  random,
  Tsit5,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import type { Tensor } from "@diffrax-ts/core";

declare const x: Tensor;
const stepsizeController = PIDController({ rtol: x, atol: x, pcoeff: x, dtmax: x, safety: x });
const { evaluate, derivative } = diffeqsolve((_t, y) => -y, Tsit5(), {
  t0: x,
  t1: x,
  dt0: x,
  y0: 1,
  stepsizeController: ClipStepSizeController({ controller: stepsizeController, jumpTs: [0.5, x] }),
  saveat: { dense: true },
});
evaluate(x, x) satisfies Tensor;
derivative(x) satisfies Tensor;
np.linspace(x, x, 3) satisfies Tensor;
np.quantile(x, x) satisfies Tensor;
random.foldIn(random.key(0), x) satisfies Tensor;
VirtualBrownianTree({ t0: x, t1: x, tol: x, shape: [], key: random.key(0) }).t0 satisfies number;
