// The unknowns have the structure of the start; the state is that of the solver.
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import {
  BFGS,
  Bisection,
  fixedPoint,
  FixedPointIteration,
  leastSquares,
  LevenbergMarquardt,
  type LevenbergMarquardtState,
  minimise,
  Newton,
  type RootFinder,
  rootFind,
  VeryChord,
  withStepsizeControllerTols,
} from "@diffrax-ts/root-finders";

const newton = Newton({ rtol: 1e-6, atol: 1e-6 });

// A number is a scalar, an array a vector, and a record keeps its keys.
const one: Scalar = rootFind((y) => y.mul(y), newton, 1).value;
const vector: Tensor<readonly [number]> = rootFind((y) => y, newton, Float64Array.of(1)).value;
const { p, q } = rootFind(({ p, q }) => [p, q], newton, { p: 1, q: Float64Array.of(1) }).value;
const scalar: Scalar = p;
const array: Tensor<readonly [number]> = q;
const [first]: readonly [Scalar, Scalar] = rootFind(([a, b]) => [b, a], newton, [1, 2]).value;

// Arguments too.
rootFind((y, { k }) => y.sub(k), newton, 1, { args: { k: 2 } });
// @ts-expect-error there is no such key
rootFind((y, { k }) => y.sub(k), newton, 1, { args: { c: 2 } });
// @ts-expect-error it takes two arguments, of which the second is not given
rootFind((y, k: Scalar) => y.sub(k), newton, 1);

// What is annotated.
rootFind((y: Scalar) => y, newton, 1);
// @ts-expect-error a vector is no scalar
rootFind((y: Scalar) => y, newton, Float64Array.of(1));

// A state.
const fit = leastSquares((y) => y, LevenbergMarquardt(), [1, 2]);
const state: LevenbergMarquardtState = fit.state;
// @ts-expect-error that of another solver
const wrong: LevenbergMarquardtState = minimise((y) => y, BFGS(), 1).state;

// Solvers of a kind.
fixedPoint((y) => y, FixedPointIteration(), 1);
fixedPoint((y) => y, newton, 1);
// @ts-expect-error it does not minimise
minimise((y) => y, newton, 1);
// @ts-expect-error it minimises
rootFind((y) => y, BFGS(), 1);
const several: readonly RootFinder[] = [newton, VeryChord(), Bisection()];

// Without tolerances.
withStepsizeControllerTols(Newton)({ kappa: 0.1 });
// @ts-expect-error they are those of the controller
withStepsizeControllerTols(Newton)({ rtol: 1 });

export { array, first, one, scalar, several, state, vector, wrong };
