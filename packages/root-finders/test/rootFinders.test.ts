import {
  add,
  atan,
  concatenate,
  div,
  exp,
  less,
  mul,
  reshape,
  slice,
  square,
  stack,
  sub,
  sum,
  tensor,
} from "@diffrax-ts/array";
import { jit, vmap } from "@diffrax-ts/autodiff";
import {
  AddLinearOperator,
  BandedLU,
  GMRES,
  IdentityLinearOperator,
  JacobianLinearOperator,
  LU,
  MulLinearOperator,
} from "@diffrax-ts/linear-solvers";
import { arrayType, evaluateProgram, traceProgram, valueOf } from "@diffrax-ts/program";
import { maxNorm, resultTensor, type Tree } from "@diffrax-ts/protocol";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
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
  type Problem,
  rootFind,
  type RootFinder,
  VeryChord,
  withStepsizeControllerTols,
} from "@diffrax-ts/root-finders";
import { describe, expect, test } from "vitest";

const tolerances = { rtol: 1e-9, atol: 1e-9 };

/** `yᵢ³ + yᵢ = cᵢ + ¼ yᵢ₋₁`: three diagonals at most, and one root. */
function chain(y: Tensor, c: Tensor): Tensor {
  const before = concatenate([tensor([0], { dtype: y.dtype }), slice(y, [0, -1])]);
  return sub(sub(add(mul(y, square(y)), y), c), mul(0.25, before));
}

const finders: readonly (readonly [string, RootFinder])[] = [
  ["Newton", Newton(tolerances)],
  ["Newton by the rate", Newton({ ...tolerances, cauchyTermination: false })],
  ["LineSearchNewton", LineSearchNewton(tolerances)],
  ["LineSearchNewton by the rate", LineSearchNewton({ ...tolerances, cauchyTermination: false })],
  ["Chord", Chord(tolerances)],
  ["Chord by the rate", Chord({ ...tolerances, cauchyTermination: false })],
  ["VeryChord", VeryChord(tolerances)],
  ["Newton with LU", Newton({ ...tolerances, linearSolver: LU() })],
  ["Newton with a band", Newton({ ...tolerances, linearSolver: BandedLU({ lower: 1, upper: 0 }) })],
  ["Newton with GMRES", Newton({ ...tolerances, linearSolver: GMRES({ rtol: 1e-5, atol: 1e-5 }) })],
  ["Chord with a band", Chord({ ...tolerances, linearSolver: BandedLU({ lower: 1, upper: 0 }) })],
];

describe.each(finders)("%s", (_, finder) => {
  const c = tensor([0.9, -1.2, 2.1, 0.3, 1.7]);
  const solve = (right: Tensor): Tensor =>
    rootFind(chain, finder, tensor([0.5, -0.7, 1, 0.4, 0.9]), { args: right }).value;
  /** All that it may be off by: the derivative of each equation is between 1 and 5. */
  const expectRoot = (y: Tensor, right: Tensor): void => {
    for (const f of chain(y, right).toArray() as number[]) expect(Math.abs(f)).toBeLessThan(1e-7);
  };

  test("finds a root, at top level, inside jit, and in a batch", () => {
    expectRoot(solve(c), c);
    expectRoot(jit(solve)(c), c);
    const others = tensor([0.8, -1, 2, 0.5, 1.5]);
    const rows = vmap(solve)(stack([c, others]));
    expectRoot(rows.at(0), c);
    expectRoot(rows.at(1), others);
  });

  test("gives the same bits by the evaluator as compiled", () => {
    const { program } = traceProgram([arrayType("float64", [5])], (x) => [solve(x)]);
    const evaluated = [...evaluateProgram(program, [valueOf(c)])[0]!.data].map(Number);
    expect(evaluated).toEqual(jit(solve)(c).toArray());
  });

  test("works in float32", () => {
    const finder32 = { ...finder, rtol: 1e-5, atol: 1e-5 } as RootFinder;
    const single = (x: readonly number[]): Tensor => tensor(x, { dtype: "float32" });
    const right = single([0.9, -1.2, 2.1]);
    const { value } = rootFind(chain, finder32, single([0.5, -0.7, 1]), { args: right });
    expect(value.dtype).toBe("float32");
    for (const f of chain(value, right).toArray() as number[])
      expect(Math.abs(f)).toBeLessThan(1e-4);
  });

  test("has nothing to do without unknowns", () => {
    const { value, result, stats } = rootFind((y) => y, finder, tensor(new Float64Array()));
    expect([value.shape, result, stats.numSteps]).toEqual([[0], "successful", 0]);
  });
});

describe("plain numbers take the dtype of the start", () => {
  const root = (k: unknown): Tensor =>
    rootFind(
      (y, c: Tensor) => sub(square(y), c),
      Newton({ rtol: 1e-6, atol: 1e-6 }),
      Float32Array.of(1, 2),
      {
        args: k as number,
      },
    ).value;

  test("in args, at top level and inside jit", () => {
    expect(root(2).dtype).toBe("float32");
    expect(jit(root)(2).dtype).toBe("float32");
  });

  test("in a start that has arrays beside them", () => {
    const { value } = rootFind(
      ({ a, b }) => ({ a: sub(a, 1), b: sub(b, a) }),
      Newton({ rtol: 1e-6, atol: 1e-6 }),
      { a: 0.5, b: Float32Array.of(0) },
    );
    expect([value.a.dtype, value.b.dtype]).toEqual(["float32", "float32"]);
  });
});

describe("a Jacobian that is handed in", () => {
  const f = (y: Tensor): Tensor => mul(-50, sub(mul(y, square(y)), 1));
  const stage = (y: Tensor, { base, h }: { base: Tensor; h: Scalar }): Tensor =>
    sub(y, add(base, mul(h, f(y))));
  const y0: Tensor = tensor([0.9, 1.2]);
  const finder = VeryChord();
  const given = { rtol: 1e-6, atol: 1e-9, norm: maxNorm };
  const jacobianAt = (y: Tensor, h: number) =>
    finder.linearise(
      AddLinearOperator(
        IdentityLinearOperator(y),
        MulLinearOperator(JacobianLinearOperator(f, y), -h),
      ),
    );

  test("serves several stages, comes out with its rate, and is used again", () => {
    let jacobian = jacobianAt(y0, 0.001);
    expect(jacobian.rate.item()).toBe(Infinity);
    const numSteps: unknown[] = [];
    for (const scale of [1, 1.0001, 1.0002]) {
      const solution = rootFind(stage, finder, y0, {
        args: { base: mul(scale, y0), h: 0.001 },
        jacobian,
        tolerances: given,
        throw: false,
      });
      expect(solution.result).toBe("successful");
      expect(solution.jacobian!.factors).toEqual(jacobian.factors);
      jacobian = solution.jacobian!;
      numSteps.push(solution.stats.numSteps);
    }
    expect(jacobian.rate.item()).toBeLessThan(0.1);
    expect(finder.isOutdated!(jacobian).item()).toBe(0);
    // The first one does not know how fast it converges.
    expect(numSteps[0]).toBeGreaterThanOrEqual(2);
  });

  test("of another step still leads to the root, or to a divergence that says so", () => {
    const solve = (h: number) =>
      rootFind(stage, finder, y0, {
        args: { base: y0, h },
        jacobian: jacobianAt(y0, 0.001),
        tolerances: given,
        throw: false,
      });
    const near = solve(0.0015);
    expect(near.result).toBe("successful");
    for (const x of stage(near.value, { base: y0, h: tensor(0.0015) }).toArray() as number[])
      expect(Math.abs(x)).toBeLessThan(1e-6);
    expect(solve(1).result).not.toBe("successful");
  });

  test("comes out of a loop as it went in", () => {
    const inside = jit((y: Tensor) => {
      const jacobian = jacobianAt(y, 0.001);
      const { value, jacobian: learned } = rootFind(stage, finder, y, {
        args: { base: y, h: 0.001 },
        jacobian,
        tolerances: given,
        throw: false,
      });
      return { value, rate: learned!.rate };
    });
    expect(inside(y0).rate.item()).toBeLessThan(0.1);
  });
});

describe("VeryChord", () => {
  const cube = (y: Scalar): Tensor => sub(mul(y, square(y)), 5.3);
  const root = 5.3 ** (1 / 3);

  test("goes on while it converges, and with diffrax072 gives up after two steps", () => {
    const own = rootFind(cube, VeryChord(tolerances), 1.7);
    expect(Math.abs(own.value.item() - root)).toBeLessThan(0.05 * 3e-9);
    const options = { ...tolerances, diffrax072: true };
    const as072 = rootFind(cube, VeryChord(options), 1.7, { throw: false });
    expect([as072.result, as072.stats.numSteps]).toEqual(["nonlinearDivergence", 2]);
  });

  test("ends where steps are of rounding errors, whatever the tolerances", () => {
    const { value, stats } = rootFind(cube, VeryChord({ rtol: 1e-15, atol: 1e-16 }), 1.74);
    expect(Math.abs(value.item() - root)).toBeLessThan(4e-15);
    expect(stats.numSteps).toBeLessThan(20);
  });

  test("holds the error of the root within kappa times the tolerance", () => {
    for (const rtol of [1e-3, 1e-6, 1e-9]) {
      const { value } = rootFind(cube, VeryChord({ rtol, atol: 0 }), 1.6);
      expect(Math.abs(value.item() - root)).toBeLessThan(0.05 * 1.1 * rtol * root);
    }
  });
});

describe("LineSearchNewton", () => {
  test.each([2, -3, 20, 1000])(
    "comes to the root of the arc tangent from %s, where Newton fails",
    (start) => {
      const { value, result } = rootFind((y) => atan(y), LineSearchNewton(tolerances), start);
      expect(result).toBe("successful");
      expect(Math.abs(value.item())).toBeLessThan(1e-9);
      const newton = rootFind((y) => atan(y), Newton(tolerances), start, { throw: false });
      expect(newton.result).not.toBe("successful");
    },
  );

  test("does not depend on how equations are scaled", () => {
    const valley = ([x, y]: readonly [Scalar, Scalar]) => [
      mul(1e8, sub(1, x)),
      mul(1e-6, sub(y, square(x))),
    ];
    const scaled = rootFind(valley, LineSearchNewton({ rtol: 1e-9, atol: 1e-9 }), [-1.2, 1]);
    const plain = rootFind(
      ([x, y]) => [sub(1, x), sub(y, square(x))],
      LineSearchNewton({ rtol: 1e-9, atol: 1e-9 }),
      [-1.2, 1],
    );
    expect(scaled.stats.numSteps).toBe(plain.stats.numSteps);
    expect(scaled.value[1].item()).toBeCloseTo(1, 9);
  });

  test("takes the steps of Newton close to a root", () => {
    const f = (y: Scalar): Tensor => sub(exp(y), 4);
    const [own, newton] = [LineSearchNewton(tolerances), Newton(tolerances)].map((finder) =>
      rootFind(f, finder, 1.5),
    );
    expect(own!.value.item()).toBeCloseTo(newton!.value.item(), 14);
    expect(own!.stats.numSteps as number).toBeLessThanOrEqual(newton!.stats.numSteps as number);
  });
});

describe("Bisection", () => {
  const bounds = { options: { lower: 0, upper: 3 } };
  const falling = (y: Scalar): Tensor => sub(2, square(y));

  test.each([true, "detect"] as const)(
    "finds where a function falls through zero, with flip %s",
    (flip) => {
      const { value } = rootFind(falling, Bisection({ ...tolerances, flip }), 1, bounds);
      expect(value.item()).toBeCloseTo(Math.SQRT2, 8);
    },
  );

  test("takes a root at an end of the interval", () => {
    const { value } = rootFind((y) => sub(y, 3), Bisection(tolerances), 1, bounds);
    expect(value.item()).toBeCloseTo(3, 8);
  });

  test("makes the interval larger on the side where the root is", () => {
    const solver = Bisection({ ...tolerances, expandIfNecessary: true });
    for (const at of [-40, 50]) {
      for (const sign of [1, -1]) {
        const { value } = rootFind((y) => mul(sign, sub(y, at)), solver, 1, bounds);
        expect(value.item()).toBeCloseTo(at, 7);
      }
    }
  });

  test("ends if there is no root however large the interval", () => {
    const solver = Bisection({ ...tolerances, expandIfNecessary: true });
    const { result } = rootFind((y) => add(exp(y), 1), solver, 1, { ...bounds, throw: false });
    expect(result).not.toBe("successful");
  });

  test("works on a tree with one number", () => {
    const { value } = rootFind(
      ({ a: [x] }) => [reshape(falling(x.at(0)), [1])],
      Bisection(tolerances),
      { a: [tensor([1])] },
      { options: { lower: 0, upper: { a: [tensor([3])] } } },
    );
    expect(value.a[0].at(0).item()).toBeCloseTo(Math.SQRT2, 8);
  });
});

describe("bounds", () => {
  test("keep Newton where fn has values", () => {
    const f = (y: Tensor): Tensor => sub(y.pow(0.5), tensor([0.1, 3]));
    const start = tensor([4, 1]);
    const { value } = rootFind(f, Newton(tolerances), start, { options: { lower: 1e-12 } });
    expect(value.at(0).item()).toBeCloseTo(0.01, 9);
    expect(value.at(1).item()).toBeCloseTo(9, 8);
    expect(rootFind(f, Newton(tolerances), start, { throw: false }).result).not.toBe("successful");
  });
});

test("withStepsizeControllerTols leaves the tolerances to the caller", () => {
  expect(withStepsizeControllerTols(Bisection)({ flip: true }).rtol).toBe(null);
  const finder = withStepsizeControllerTols(Newton)({ kappa: 0.1 });
  expect([finder.rtol, finder.atol, finder.norm, finder.kappa]).toEqual([null, null, null, 0.1]);
  const given = { rtol: tensor(1e-9), atol: tensor(1e-9), norm: maxNorm };
  const f = (y: Scalar): Tensor => sub(square(y), 2);
  expect(rootFind(f, finder, 1, { tolerances: given }).value.item()).toBeCloseTo(Math.SQRT2, 9);
  const one = Newton({ rtol: 1e-3 });
  expect(rootFind(f, one, 1, { tolerances: given }).value.item()).toBeCloseTo(Math.SQRT2, 9);
});

describe("a solver of somebody else's", () => {
  interface Relaxation extends RootFinder<Tree> {
    readonly factor: number;
  }
  function init({ fn }: Problem, y: Tree): Tree {
    return fn(y);
  }
  function step(this: Relaxation, { fn }: Problem, y: Tree, f: Tree) {
    const next = sub(y as Tensor, mul(this.factor, f as Tensor));
    return { y: next, state: fn(next) };
  }
  function terminate({ tolerances: { norm, atol } }: Problem, _y: Tree, f: Tree) {
    return { terminate: less(norm(f), atol), result: resultTensor("successful") };
  }
  const Relaxation = (factor: number): Relaxation =>
    part("test/Relaxation", { ...tolerances, norm: maxNorm, factor, init, step, terminate });

  test("solves, and its solution has derivatives", () => {
    const root = (c: Scalar): Scalar =>
      rootFind((y, k: Scalar) => sub(square(y), k), Relaxation(0.3), 1, { args: c }).value;
    expect(root(tensor(2)).item()).toBeCloseTo(Math.SQRT2, 8);
    expect(
      vmap(root)(tensor([1.5, 2]))
        .at(0)
        .item(),
    ).toBeCloseTo(Math.sqrt(1.5), 8);
  });
});

describe("leastSquares", () => {
  const t = tensor([0, 1, 2, 3]);
  const line = ([a, b]: readonly [Scalar, Scalar], y: Tensor): Tensor => sub(add(a, mul(b, t)), y);

  test("of a line takes GaussNewton two steps and one to see it", () => {
    const { value, stats } = leastSquares(line, GaussNewton(tolerances), [0, 0], {
      args: tensor([1, 3, 5, 8]),
    });
    expect(value.map((x) => x.item())[0]).toBeCloseTo(0.8, 12);
    expect(value[1].item()).toBeCloseTo(2.3, 12);
    expect(stats.numSteps).toBe(3);
  });

  test("rejects steps into what is not a number", () => {
    const root = (y: Scalar): Tensor => sub(y.pow(0.5), 0.1);
    const { value } = leastSquares(root, LevenbergMarquardt({ ...tolerances, lambda0: 1e-6 }), 4);
    expect(value.item()).toBeCloseTo(0.01, 8);
  });

  test.each(["fwd", "bwd"] as const)("takes derivatives as jac: %s says", (jac) => {
    const solver = LevenbergMarquardt({ ...tolerances, jac });
    const { value } = leastSquares(line, solver, [0, 0], { args: tensor([1, 3, 5, 8]) });
    expect(value[1].item()).toBeCloseTo(2.3, 7);
  });

  test("of fewer residuals than unknowns finds some that vanish", () => {
    const { value } = leastSquares(
      (y: Tensor) => sub(add(square(y.at(0)), y.at(1)), 2),
      LevenbergMarquardt(tolerances),
      tensor([1, 3]),
    );
    expect(value.at(0).item() ** 2 + value.at(1).item()).toBeCloseTo(2, 8);
  });

  test("knows the residuals in its state", () => {
    const { state } = leastSquares(line, LevenbergMarquardt(tolerances), [0, 0], {
      args: tensor([1, 3, 5, 8]),
    });
    expect(state.residual.length).toBe(4);
  });

  test("works in float32", () => {
    const solver = LevenbergMarquardt({ rtol: 1e-4, atol: 1e-4 });
    const counts = Float32Array.of(8, 4, 2, 1);
    const times = tensor([0, 1, 2, 3], { dtype: "float32" });
    const { value } = leastSquares(
      (k, y: Tensor) => sub(mul(8, exp(mul(k.neg(), times))), y),
      solver,
      tensor(0.5, { dtype: "float32" }),
      { args: counts },
    );
    expect(value.dtype).toBe("float32");
    expect(value.item()).toBeCloseTo(Math.LN2, 4);
  });
});

describe("all solvers in a batch", () => {
  const numbers = tensor([1, 2, 3]);
  const half = (c: Tensor): readonly number[] => c.toArray() as number[];

  test.each<[string, (c: Scalar) => Tensor, (c: number) => number]>([
    [
      "FixedPointIteration",
      (c) =>
        fixedPoint(
          (y, k: Scalar) => mul(0.5, add(y, div(k, y))),
          FixedPointIteration(tolerances),
          1,
          {
            args: c,
          },
        ).value,
      Math.sqrt,
    ],
    [
      "BFGS",
      (c) =>
        minimise((y, k: Scalar) => sub(exp(y), mul(k, y)), BFGS(tolerances), 0.1, { args: c })
          .value,
      Math.log,
    ],
    [
      "LevenbergMarquardt",
      (c) =>
        leastSquares((y, k: Scalar) => sub(square(y), k), LevenbergMarquardt(tolerances), 1, {
          args: c,
        }).value,
      Math.sqrt,
    ],
    [
      "Bisection",
      (c) =>
        rootFind((y, k: Scalar) => sub(square(y), k), Bisection(tolerances), 1, {
          args: c,
          options: { lower: 0, upper: 3 },
        }).value,
      Math.sqrt,
    ],
  ])("%s", (_, solve, expected) => {
    const found = half(vmap(solve)(numbers));
    for (const [i, c] of [1, 2, 3].entries()) expect(found[i]).toBeCloseTo(expected(c), 7);
    const inside = half(jit(vmap(solve))(numbers));
    expect(inside).toEqual(found);
  });
});

test("minimise works in float32", () => {
  const bowl = (y: Tensor): Tensor => sum(square(sub(y, tensor([3, -1], { dtype: "float32" }))));
  for (const useInverse of [true, false]) {
    const solver = BFGS({ rtol: 1e-4, atol: 1e-4, useInverse });
    const { value } = minimise(bowl, solver, Float32Array.of(0, 0));
    expect(value.dtype).toBe("float32");
    expect(value.at(0).item()).toBeCloseTo(3, 3);
  }
});

test("a function that is called with trees is given the containers of the start", () => {
  const { value } = rootFind(
    ({ x, v: [a, b] }) => [sub(x, 1), add(a, x), slice(sub(b, 2), [0, 2])],
    Newton(tolerances),
    { x: 0, v: [0, tensor([1, 1])] },
  );
  expect([value.x.item(), value.v[0].item(), value.v[1].toArray()]).toEqual([1, -1, [2, 2]]);
});

describe("unknowns that hold more than numbers", () => {
  interface Line {
    readonly w: Tensor;
    readonly b: Tensor;
  }
  function apply(this: Line, x: Tensor): Tensor {
    return add(mul(this.w, x), this.b);
  }
  const line = part("test/Line", { w: tensor(1), b: tensor(0), apply });
  const [x, y] = [tensor([1, 2]), tensor([3, 5])];

  test("a network is fitted as it is, by least squares and by gradients", () => {
    const fit = leastSquares((net) => sub(net.apply(x), y), LevenbergMarquardt(tolerances), line);
    expect(
      fit.value
        .apply(tensor([3]))
        .at(0)
        .item(),
    ).toBeCloseTo(7, 7);
    const least = minimise((net) => sum(square(sub(net.apply(x), y))), BFGS(tolerances), line);
    expect(least.value.w.item()).toBeCloseTo(2, 6);
  });

  test("texts stay where they are", () => {
    for (const finder of [Newton(tolerances), Chord(tolerances), LineSearchNewton(tolerances)]) {
      const start = { kind: "a", x: 1, none: null };
      const { value } = rootFind((z) => ({ kind: "b", f: sub(square(z.x), 2) }), finder, start);
      expect([value.kind, value.none]).toEqual(["a", null]);
      expect(value.x.item()).toBeCloseTo(Math.SQRT2, 8);
    }
  });

  test("a function may return numbers", () => {
    const { value } = rootFind(
      ([a, b]) => [sub(a, 1), mul(b, 0).add(b), 0].slice(0, 2),
      Newton(tolerances),
      [2, 3],
    );
    expect(value.map((leaf) => leaf.item())).toEqual([1, 0]);
    const { value: fit } = leastSquares((a) => [sub(a, 1), 0], GaussNewton(tolerances), 3);
    expect(fit.item()).toBe(1);
  });
});
