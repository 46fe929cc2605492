import {
  add,
  cos,
  div,
  exp,
  mul,
  sin,
  square,
  stack,
  sub,
  sum,
  take,
  tensor,
} from "@diffrax-ts/array";
import { grad, hessian, jacfwd, jacrev, jit, jvp, vmap } from "@diffrax-ts/autodiff";
import { Diagonal } from "@diffrax-ts/linear-solvers";
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
  rootFind,
  type RootFinder,
  VeryChord,
} from "@diffrax-ts/root-finders";
import { describe, expect, test } from "vitest";

const tolerances = { rtol: 1e-12, atol: 1e-12 };

const finders: readonly (readonly [string, RootFinder, object])[] = [
  ["Newton", Newton(tolerances), {}],
  ["Newton by the rate", Newton({ ...tolerances, cauchyTermination: false }), {}],
  ["LineSearchNewton", LineSearchNewton(tolerances), {}],
  ["Chord", Chord(tolerances), {}],
  ["VeryChord", VeryChord(tolerances), {}],
  ["Bisection", Bisection(tolerances), { lower: 0, upper: 3 }],
];

describe.each(finders)(
  "the derivatives of the logarithm as a root, by %s,",
  (_, finder, options) => {
    const log = (c: Scalar): Scalar =>
      rootFind((y, k: Scalar) => sub(exp(y), k), finder, 1, { args: c, options }).value;
    const captured = (c: Scalar): Scalar =>
      rootFind((y) => sub(exp(y), c), finder, 1, { options }).value;

    // A root is known to 1e-12 c, and its derivatives 1/c, -1/c² and 2/c³ lose no more than a few times that.
    test.each([
      ["of args", log],
      ["of a value from outside", captured],
    ])("are those of the logarithm: %s", (_name, f) => {
      const d = grad(f);
      const dd = grad((c: Scalar) => d(c));
      const ddd = grad((c: Scalar) => dd(c));
      expect(f(tensor(4)).item()).toBeCloseTo(Math.log(4), 11);
      expect(d(4)).toBeCloseTo(1 / 4, 11);
      expect(dd(4)).toBeCloseTo(-1 / 16, 11);
      expect(ddd(4)).toBeCloseTo(2 / 64, 11);
      expect(jvp(f, [4], [3]).tangent.item()).toBeCloseTo(3 / 4, 11);
      expect(hessian(f)(4)).toBeCloseTo(-1 / 16, 11);
      expect(jit(grad(f))(4).item()).toBeCloseTo(1 / 4, 11);
    });

    test("in a batch, of which each element takes its own number of steps", () => {
      const numbers = tensor([2, 3, 4]);
      const expected = [2, 3, 4];
      const values = vmap(log)(numbers).toArray();
      const slopes = vmap(grad(log))(numbers).toArray();
      const curvatures = vmap(grad((c: Scalar) => grad(log)(c)))(numbers).toArray();
      for (const [i, c] of expected.entries()) {
        expect(values[i]).toBeCloseTo(Math.log(c), 11);
        expect(slopes[i]).toBeCloseTo(1 / c, 11);
        expect(curvatures[i]).toBeCloseTo(-1 / c ** 2, 11);
      }
    });
  },
);

/** By central differences of fourth order: off by `h⁴` times derivatives, and by rounding errors over `h`. */
function differences(f: (x: readonly number[]) => number, at: readonly number[]): number[] {
  const h = 1e-3;
  return at.map((_, i) => {
    const along = (k: number): number => f(at.map((x, j) => (j === i ? x + k * h : x)));
    return (8 * (along(1) - along(-1)) - (along(2) - along(-2))) / (12 * h);
  });
}

interface Coupled {
  readonly p: Scalar;
  readonly q: Tensor;
}

const coupled = ({ p, q }: Coupled, { a, b }: { a: Scalar; b: Tensor }) => ({
  p: sub(add(p, mul(0.3, sum(sin(q)))), a),
  q: sub(add(mul(q, square(q)), q), mul(b, p)),
});

describe("the derivatives of a root that is a tree", () => {
  const weight = ({ p, q }: Coupled): Tensor => add(square(p), sum(mul(q, tensor([1, -2]))));
  const loss = (a: Scalar, b: Tensor): Tensor => {
    const { value } = rootFind(
      coupled,
      Newton(tolerances),
      { p: 0.5, q: tensor([0.3, 0.4]) },
      {
        args: { a, b },
      },
    );
    return weight(value);
  };
  const ofVector = (x: Tensor): Tensor => loss(x.at(0) as Scalar, stack([x.at(1), x.at(2)]));
  const at = [0.9, 1.1, 0.7];

  test("are those of differences, forward and backward", () => {
    const expected = differences((x) => ofVector(tensor(x)).item(), at);
    const point = tensor(at);
    const [backward, forward] = [jacrev(ofVector)(point), jacfwd(ofVector)(point)];
    for (const [i, slope] of expected.entries()) {
      expect(backward.at(i).item()).toBeCloseTo(slope, 8);
      expect(forward.at(i).item()).toBeCloseTo(slope, 8);
    }
  });

  test("of second order are those of differences of the first", () => {
    const rows = hessian(ofVector)(tensor(at));
    for (const i of at.keys()) {
      const row = differences((x) => (grad(ofVector)(tensor(x)) as Tensor).at(i).item(), at);
      for (const [j, x] of row.entries()) expect(rows.at(i, j).item()).toBeCloseTo(x, 8);
    }
  });

  test("with respect to where it starts are zero", () => {
    const fromStart = (p: Scalar): Tensor =>
      weight(
        rootFind(
          coupled,
          Newton(tolerances),
          { p, q: tensor([0.3, 0.4]) },
          {
            args: { a: 0.9, b: tensor([1, 1]) },
          },
        ).value,
      );
    expect(grad(fromStart)(0.5)).toBe(0);
  });
});

describe("the derivatives of a fixed point", () => {
  test.each([
    ["FixedPointIteration", FixedPointIteration(tolerances)],
    ["Newton", Newton(tolerances)],
    ["LevenbergMarquardt", LevenbergMarquardt({ rtol: 1e-8, atol: 1e-12 })],
  ])("by %s are those of the square root that it is", (_, solver) => {
    const root = (c: Scalar): Scalar =>
      fixedPoint((y, k: Scalar) => mul(0.5, add(y, div(k, y))), solver, 3, { args: c }).value;
    expect(grad(root)(7)).toBeCloseTo(1 / (2 * Math.sqrt(7)), 8);
    expect(grad((c: Scalar) => grad(root)(c))(7)).toBeCloseTo(-1 / (4 * 7 ** 1.5), 8);
  });
});

describe("the derivatives of a least squares fit with respect to the data", () => {
  const t = tensor([0, 0.5, 1, 1.5, 2, 3]);
  const data = [3.38, 1.96, 1.21, 0.86, 0.62, 0.45];
  const residuals = ([a, b, k]: readonly [Scalar, Scalar, Scalar], counts: Tensor): Tensor =>
    sub(add(mul(a, exp(mul(k.neg(), t))), b), counts);
  const start = [2.5, 0.3, 1.5] as const;

  test.each([
    ["LevenbergMarquardt", LevenbergMarquardt({ rtol: 1e-10, atol: 1e-10 })],
    ["GaussNewton", GaussNewton({ rtol: 1e-12, atol: 1e-12 })],
    ["BFGS", BFGS({ rtol: 1e-10, atol: 1e-10 })],
  ])("by %s are those of differences", (_, solver) => {
    const rate = (counts: Tensor): Scalar =>
      leastSquares(residuals, solver, start, { args: counts }).value[2];
    const fine = (counts: Tensor): Scalar =>
      leastSquares(residuals, GaussNewton({ rtol: 1e-13, atol: 1e-13 }), start, { args: counts })
        .value[2];
    const expected = differences((x) => fine(tensor(x)).item(), data);
    const backward = grad(rate)(tensor(data)) as Tensor;
    const forward = jacfwd(rate)(tensor(data));
    for (const [i, slope] of expected.entries()) {
      // The Hessian is that at a minimum that is found to 1e-5 at least.
      expect(backward.at(i).item()).toBeCloseTo(slope, 4);
      expect(forward.at(i).item()).toBeCloseTo(slope, 4);
    }
  });
});

test("args that hold a part with integers and truths are differentiated where they hold floats", () => {
  // y = a (c at i), and so dy/da = c at i.
  const order = part("order", { i: tensor([2, 0, 1], { dtype: "int32" }), isGiven: tensor(true) });
  const root = (a: Scalar): Scalar => {
    const found = rootFind(
      (y, { picked, k }) => sub(y, mul(k, take(tensor([3, 5, 7]), picked.i))),
      Newton(tolerances),
      tensor([1, 1, 1]),
      { args: { picked: order, k: a } },
    );
    return sum(found.value);
  };
  expect(grad(root)(2)).toBeCloseTo(15, 12);
  expect(jvp(root, [2], [1]).tangent.item()).toBeCloseTo(15, 12);
});

test("the derivatives of a minimum are those of where it is", () => {
  // The minimum of (a - x)² + 100 (y - x²)² is at x = a, y = a².
  const height = (a: Scalar): Scalar =>
    minimise(
      ([x, y]: readonly [Scalar, Scalar], k: Scalar) =>
        add(square(sub(k, x)), mul(100, square(sub(y, square(x))))),
      BFGS({ rtol: 1e-10, atol: 1e-10 }),
      [-1.2, 1],
      { args: a },
    ).value[1];
  expect(grad(height)(1.5)).toBeCloseTo(3, 7);
  expect(grad((a: Scalar) => grad(height)(a))(1.5)).toBeCloseTo(2, 7);
  const slopes = vmap(grad(height))(tensor([0.5, 1, 2])).toArray();
  for (const [i, slope] of [1, 2, 4].entries()) expect(slopes[i]).toBeCloseTo(slope, 6);
});

test("a root within a root has the derivative of both", () => {
  // √√c, by the root of x² - √c, where √c is one too.
  const newton = Newton(tolerances);
  const root = (c: Scalar): Scalar =>
    rootFind((y, k: Scalar) => sub(square(y), k), newton, 2, { args: c }).value;
  const fourth = (c: Scalar): Scalar =>
    rootFind((y, k: Scalar) => sub(square(y), root(k)), newton, 2, { args: c }).value;
  expect(grad(fourth)(5)).toBeCloseTo(0.25 * 5 ** -0.75, 11);
});

test("a root whose equations hold a loop of their own is differentiated once, at the root", () => {
  const iterated = (y: Tensor): Tensor => {
    let x: Tensor = y;
    for (let i = 0; i < 3; i++) x = cos(x);
    return x;
  };
  const root = (c: Scalar): Scalar =>
    rootFind((y, k: Scalar) => sub(iterated(y), mul(k, y)), Newton(tolerances), 0.7, { args: c })
      .value;
  const [slope] = differences(([c]) => root(tensor(c!)).item(), [1.2]);
  expect(grad(root)(1.2)).toBeCloseTo(slope!, 9);
});

test("the derivative where a search failed is no error of its own, if throw is false", () => {
  const root = (c: Scalar): Scalar =>
    rootFind((y, k: Scalar) => add(square(y), k), Newton(tolerances), 0, { args: c, throw: false })
      .value;
  expect(() => grad(root)(1)).not.toThrow();
});

test("linear systems of derivatives are solved by the linear solver that is given", () => {
  const fit = (c: Tensor): Tensor =>
    rootFind((y, k: Tensor) => sub(mul(y, square(y)), k), Newton(tolerances), tensor([1, 2]), {
      args: c,
      linearSolver: Diagonal(),
      tags: "diagonal",
    }).value;
  const jacobian = jacrev(fit)(tensor([2, 5]));
  expect(jacobian.at(0, 0).item()).toBeCloseTo(2 ** (-2 / 3) / 3, 11);
  expect(jacobian.at(1, 1).item()).toBeCloseTo(5 ** (-2 / 3) / 3, 11);
  expect(jacobian.at(0, 1).item()).toBe(0);
});

describe("in float32", () => {
  const single = (x: readonly number[]): Tensor => tensor(x, { dtype: "float32" });
  const loose = { rtol: 1e-5, atol: 1e-5 };

  test.each<[string, (c: Tensor) => Tensor]>([
    [
      "rootFind",
      (c) =>
        rootFind((y, k: Tensor) => sub(square(y), k), Newton(loose), single([1, 2]), { args: c })
          .value,
    ],
    [
      "fixedPoint",
      (c) =>
        fixedPoint(
          (y, k: Tensor) => mul(0.5, add(y, div(k, y))),
          FixedPointIteration(loose),
          single([1, 2]),
          { args: c },
        ).value,
    ],
    [
      "leastSquares",
      (c) =>
        leastSquares(
          (y, k: Tensor) => sub(square(y), k),
          LevenbergMarquardt({ rtol: 1e-4, atol: 1e-4 }),
          single([1, 2]),
          { args: c },
        ).value,
    ],
  ])("%s has derivatives, forward and backward", (_, root) => {
    const loss = (c: Tensor): Tensor => sum(mul(root(c), tensor([1, 3], { dtype: "float32" })));
    const gradient = grad(loss)(single([2, 5]));
    expect(gradient.dtype).toBe("float32");
    const forward = jacfwd(loss)(single([2, 5]));
    for (const [i, slope] of [0.5 / Math.sqrt(2), 1.5 / Math.sqrt(5)].entries()) {
      expect(gradient.at(i).item()).toBeCloseTo(slope, 3);
      expect(forward.at(i).item()).toBeCloseTo(slope, 3);
    }
  });
});

test("tags that are true at the start and not at the root are refused where that is differentiated", () => {
  // The derivative of the first equation with respect to `b` is zero at zero.
  const curved = (y: Tensor, k: Scalar): Tensor => {
    const [a, b] = [y.at(0), y.at(1)];
    return stack([sub(add(a, mul(b, b)), k), sub(b, mul(0.5, k))]);
  };
  const first =
    (tags: "lowerTriangular" | "positiveSemidefinite" | []) =>
    (k: Scalar): Scalar =>
      rootFind(curved, Chord({ rtol: 1e-9, atol: 1e-9 }), tensor([0, 0]), {
        args: k,
        tags,
      }).value.at(0);
  expect(jit(first("lowerTriangular"))(2).item()).toBeCloseTo(1, 7);
  expect(grad(first([]))(2)).toBeCloseTo(0, 7);
  expect(() => grad(first("lowerTriangular"))(2)).toThrow(/Triangular: .* holds other numbers/u);
  expect(() => grad(first("positiveSemidefinite"))(2)).toThrow(/Cholesky: .* is not symmetric/u);
});
