import {
  add,
  concatenate,
  exp,
  greater,
  mul,
  slice,
  square,
  stack,
  sub,
  tensor,
} from "@diffrax-ts/array";
import { jit } from "@diffrax-ts/autodiff";
import { BandedLU, LU } from "@diffrax-ts/linear-solvers";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import {
  BFGS,
  Bisection,
  Chord,
  fixedPoint,
  FixedPointIteration,
  GaussNewton,
  leastSquares,
  LevenbergMarquardt,
  LineSearchNewton,
  minimise,
  Newton,
  rootFind,
  VeryChord,
  withStepsizeControllerTols,
} from "@diffrax-ts/root-finders";
import { describe, expect, test } from "vitest";

const tolerances = { rtol: 1e-8, atol: 1e-8 };
const newton = Newton(tolerances);
const squares = (y: Tensor): Tensor => square(y);
const many = (x: unknown): never => x as never;
const coupled = (y: Tensor): Tensor => {
  const [a, b] = [y.at(0), y.at(1)];
  return stack([add(a, mul(2, b)), sub(mul(3, b), a)]);
};

describe("a mistake is an error that names it", () => {
  test.each<[string, () => unknown, string]>([
    [
      "no function",
      () => rootFind(many(3), newton, 1),
      "rootFind: fn must be a function (y, args) => …, got 3",
    ],
    [
      "a maker in the place of a solver",
      () => rootFind(squares, many(Newton), 1),
      "rootFind: the solver is the function Newton; call it: Newton({ rtol: …, atol: … })",
    ],
    [
      "no solver",
      () => rootFind(squares, many({}), 1),
      "rootFind: the solver must be one such as Newton({ rtol, atol }), got an object without keys",
    ],
    [
      "a function in the place of a solver",
      () => rootFind(squares, many(squares), 1),
      "rootFind: the solver must be one such as Newton({ rtol, atol }), got the function squares",
    ],
    [
      "no start",
      () => rootFind(squares, newton, many(undefined)),
      "rootFind: y0 must be a number, an array or a tensor, or arrays and objects of these, got undefined",
    ],
    [
      "a text for a start",
      () => rootFind(squares, newton, many("1")),
      'rootFind: y0 must be a number, an array or a tensor, or arrays and objects of these, got "1"',
    ],
    [
      "a solver for something else",
      () => rootFind(squares, many(BFGS(tolerances)), 1),
      "rootFind: BFGS is for minimise; here use a solver such as Newton({ rtol, atol })",
    ],
    [
      "a root finder for a minimum",
      () => minimise(squares, many(newton), 1),
      "minimise: Newton is for rootFind; here use a solver such as BFGS({ rtol, atol })",
    ],
    [
      "no tolerances",
      () => rootFind(squares, Newton(), 1),
      "rootFind: Newton has no rtol and atol: write Newton({ rtol: …, atol: … }), or hand in tolerances; " +
        "within a differential equation it takes those of an adaptive step size controller",
    ],
    [
      "one tolerance",
      () => rootFind(squares, Newton({ rtol: 1e-3 }), 1),
      "rootFind: Newton has no atol",
    ],
    [
      "a negative tolerance",
      () => VeryChord({ rtol: -1 }),
      "VeryChord: rtol must be a number >= 0, or null for that of the caller, got -1",
    ],
    [
      "a tolerance that is not a number",
      () => Bisection({ atol: NaN }),
      "Bisection: atol must be a number >= 0, or null for that of the caller, got NaN",
    ],
    ["kappa that is none", () => Chord({ kappa: 0 }), "Chord: kappa must be a number > 0, got 0"],
    [
      "an option that there is not",
      () => Newton(many({ tol: 1 })),
      "Newton: there is no option tol, only rtol, atol, norm, kappa, linearSolver, cauchyTermination",
    ],
    [
      "an option of rootFind that there is not",
      () => rootFind(squares, newton, 1, many({ max_steps: 1 })),
      "rootFind: there is no option max_steps, only args, maxSteps, throw, tags, options, tolerances, linearSolver, jacobian, weights",
    ],
    [
      "a jacobian for a minimum",
      () => minimise(squares, BFGS(tolerances), 1, many({ jacobian: null })),
      "minimise: there is no option jacobian",
    ],
    [
      "tolerances beside those of the step size controller",
      () => withStepsizeControllerTols(Newton)(many({ rtol: 1e-3 })),
      "withStepsizeControllerTols: rtol is that of the step size controller; leave it out, or call Newton alone",
    ],
    [
      "a maker of linear solvers",
      () => Newton({ linearSolver: many(LU) }),
      "Newton: linearSolver is the function LU; call it: LU()",
    ],
    [
      "maxSteps that is no number of steps",
      () => rootFind(squares, newton, 1, { maxSteps: -1 }),
      "rootFind: maxSteps must be a whole number, or null for no limit, got -1",
    ],
    [
      "integers to start from",
      () => rootFind(squares, newton, tensor([1, 2], { dtype: "int32" })),
      "rootFind: y0 must be of float64 or float32, got int32[2]; convert it with astype",
    ],
    [
      "two dtypes to start from",
      () => rootFind((y) => y, newton, [tensor([1, 2], { dtype: "float32" }), tensor([1])]),
      "rootFind: y0: all leaves have to be of one float dtype, got float32 and float64; convert one of them with astype",
    ],
    [
      "too few equations",
      () => rootFind((y: Tensor) => slice(y, [0, 2]), newton, tensor([1, 2, 3])),
      "rootFind: fn must return as many numbers as y0 has, 3, got 2; for least squares use leastSquares",
    ],
    [
      "too many equations",
      () => rootFind((y: Scalar) => [y, y], newton, 1),
      "rootFind: fn must return as many numbers as y0 has, 1, got 2; for least squares use leastSquares",
    ],
    [
      "equations of another dtype",
      () => rootFind(() => tensor([1]), newton, tensor([1], { dtype: "float32" })),
      "rootFind: fn must return float32 as y0 is, got float64; convert one of them with astype",
    ],
    [
      "a truth value in the place of a number",
      () => rootFind((y: Scalar) => greater(y, 1), newton, 1),
      "rootFind: what fn returns: all leaves have to be of one float dtype, got bool",
    ],
    [
      "another tree in the place of a fixed point",
      () => fixedPoint((y: Scalar) => [y], FixedPointIteration(tolerances), 1),
      "fixedPoint: fn must return a tree like y0, *, got [*]",
    ],
    [
      "another shape in the place of a fixed point",
      () =>
        fixedPoint(
          (y: Tensor) => slice(y, [0, 1]),
          FixedPointIteration(tolerances),
          tensor([1, 2]),
        ),
      "fixedPoint: fn must return a tree like y0: expected [2], got [1]",
    ],
    [
      "a vector in the place of what is to be small",
      () => minimise(squares, BFGS(tolerances), tensor([1, 2])),
      "minimise: fn must return a single number, a scalar tensor, got 2 of them; for a sum of squares use leastSquares",
    ],
    [
      "bounds for a solver that heeds none",
      () => rootFind(squares, VeryChord(tolerances), 1, { options: { lower: 0 } }),
      "rootFind: VeryChord takes no options.lower; Newton, Chord and Bisection do",
    ],
    [
      "bounds of another tree",
      () => rootFind(({ a }) => a, newton, { a: 1 }, { options: { lower: many({ b: 1 }) } }),
      "rootFind: options.lower",
    ],
    [
      "Bisection without an interval",
      () => rootFind(squares, Bisection(tolerances), 1, { options: { lower: 0 } }),
      "rootFind: Bisection needs options: { lower, upper }, between which the root is; there is no upper",
    ],
    [
      "Bisection for two unknowns",
      () =>
        rootFind(squares, Bisection(tolerances), tensor([1, 2]), {
          options: { lower: 0, upper: 1 },
        }),
      "rootFind: Bisection is for one unknown, got 2; use Newton",
    ],
    [
      "Bisection where fn has one sign",
      () =>
        rootFind((y: Scalar) => add(square(y), 1), Bisection(tolerances), 1, {
          options: { lower: 0, upper: 1 },
        }),
      "rootFind: Bisection: fn has the same sign at lower and at upper",
    ],
    [
      "a flip that is none",
      () => Bisection({ flip: many("yes") }),
      'Bisection: flip must be true, false or "detect", got "yes"',
    ],
    [
      "damp that keeps all",
      () => FixedPointIteration({ damp: 1 }),
      "FixedPointIteration: damp must be a number from 0 to below 1, got 1",
    ],
    [
      "a first λ of zero",
      () => LevenbergMarquardt({ lambda0: 0 }),
      "LevenbergMarquardt: lambda0 must be a finite number > 0, got 0",
    ],
    [
      "a way to take derivatives that there is not",
      () => GaussNewton({ jac: many("both") }),
      'GaussNewton: jac must be "fwd" or "bwd", got "both"',
    ],
    [
      "a jacobian for a root finder that makes its own",
      () => {
        const { jacobian } = rootFind((y: Scalar) => sub(square(y), 2), Chord(tolerances), 1.4);
        rootFind(squares, newton, 1, { jacobian: jacobian! });
      },
      "rootFind: Newton cannot be given a jacobian, as it makes its own; use Chord or VeryChord, or leave it out",
    ],
    [
      "a jacobian that is a matrix",
      () => rootFind(squares, Chord(tolerances), 1, { jacobian: many(tensor([[1]])) }),
      "rootFind: jacobian must be what linearise or an earlier solution has given, got float64[1,1]",
    ],
    [
      "a tag that there is not",
      () => rootFind(squares, newton, 1, { tags: many("sparse") }),
      'rootFind: there is no tag "sparse"',
    ],
    [
      "a band that is too narrow",
      () => {
        const linearSolver = BandedLU({ lower: 0, upper: 0 });
        const shifted = (y: Tensor): Tensor =>
          sub(mul(2, y), concatenate([tensor([1]), slice(y, [0, -1])]));
        rootFind(shifted, Newton({ ...tolerances, linearSolver }), tensor([1, 2, 3]));
      },
      "holds numbers outside of a band with lower 0 and upper 0; declare more diagonals",
    ],
    [
      "a tag that says triangular of a matrix that is none",
      () => rootFind(coupled, newton, tensor([0, 0]), { tags: "lowerTriangular" }),
      "Triangular: the operator (JacobianLinearOperator) holds other numbers than one that is lowerTriangular; leave the tags out",
    ],
    [
      "a tag that says ones on the diagonal where there are others",
      () =>
        rootFind((y: Tensor) => mul(2, y), newton, tensor([1, 1]), {
          tags: ["upperTriangular", "unitDiagonal"],
        }),
      "one that is upperTriangular and unitDiagonal",
    ],
    [
      "a tag that says definite of a matrix that is not symmetric",
      () => rootFind(coupled, newton, tensor([0, 0]), { tags: "positiveSemidefinite" }),
      "Cholesky: the operator (JacobianLinearOperator) is not symmetric",
    ],
    [
      "arithmetic on what is traced",
      () => rootFind((y) => many(many(y) * 2), newton, 1),
      "write .add, .sub, .mul, .div or the functions of np, or have the arithmetic of the function read: plain(f)",
    ],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});

const noRoot = (y: Scalar): Tensor => add(square(y), 1);
const singular = (y: Tensor): Tensor => {
  const sum = add(y.at(0), y.at(1));
  return stack([sum, sub(sum, 1)]);
};

describe("a search that fails says how", () => {
  const cases: readonly [string, (options: { throw: boolean }) => { result: unknown }, string][] = [
    [
      "Newton without a root",
      (options) => rootFind(noRoot, newton, 0.7, { ...options, maxSteps: 20 }),
      "nonlinearMaxStepsReached",
    ],
    [
      "Newton where the derivative of one equation is zero",
      (options) => rootFind(noRoot, newton, 0, options),
      "singular",
    ],
    [
      "Newton where equations say the same",
      (options) => rootFind(singular, newton, tensor([1, 2]), options),
      "singular",
    ],
    [
      "VeryChord where the derivative is zero",
      (options) => rootFind(noRoot, VeryChord(tolerances), 0, options),
      "singular",
    ],
    [
      "VeryChord that diverges",
      (options) => rootFind((y: Scalar) => sub(exp(y), 100), VeryChord(tolerances), 0, options),
      "nonlinearDivergence",
    ],
    [
      "Chord that diverges",
      (options) => {
        const chord = Chord({ ...tolerances, cauchyTermination: false });
        return rootFind((y: Scalar) => sub(mul(y, square(y)), 5.3), chord, 0.3, options);
      },
      "nonfiniteInput",
    ],
    [
      "LineSearchNewton without a root",
      (options) => rootFind(noRoot, LineSearchNewton(tolerances), 0.7, options),
      "nonlinearDivergence",
    ],
    [
      "a function that is not a number",
      (options) => rootFind((y: Scalar) => mul(y, NaN), newton, 1, options),
      "nonfiniteInput",
    ],
    [
      "a start that is not a number",
      (options) => rootFind(squares, newton, NaN, options),
      "nonfinite",
    ],
    [
      "FixedPointIteration that runs away",
      (options) =>
        fixedPoint((y: Scalar) => mul(y, 2), FixedPointIteration(tolerances), 1, options),
      "nonlinearMaxStepsReached",
    ],
    [
      "GaussNewton with residuals that do not depend on an unknown",
      (options) =>
        leastSquares((y: Tensor) => singular(y), GaussNewton(tolerances), tensor([1, 2]), options),
      "singular",
    ],
    [
      "BFGS without a minimum",
      (options) => minimise((y: Scalar) => y, BFGS(tolerances), 1, { ...options, maxSteps: 50 }),
      "nonlinearMaxStepsReached",
    ],
  ];

  test.each(cases)("%s", (_, solve, result) => {
    expect(solve({ throw: false }).result).toBe(result);
  });

  test.each(cases)("%s, by an error unless throw is false", (_, solve) => {
    expect(() => solve({ throw: true })).toThrow(
      /^(?:rootFind|fixedPoint|leastSquares|minimise): .*; /u,
    );
  });

  test.each(cases)("%s, inside jit too", (_, solve) => {
    const inside = jit(() => solve({ throw: true }).result as Tensor);
    expect(() => inside()).toThrow(/^(?:rootFind|fixedPoint|leastSquares|minimise): .*; /u);
  });
});

test("the result of a traced search is a number, which has to be used", () => {
  const wrong = jit((c: Scalar) => {
    const { value, result } = rootFind((y: Scalar, k) => sub(square(y), k), newton, 1, {
      args: c,
      throw: false,
    });
    return (result as unknown) === "successful" ? value : value.neg();
  });
  expect(() => wrong(2)).toThrow("the result of rootFind was asked for and not used");
});
