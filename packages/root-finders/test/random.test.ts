import { add, dot, mul, sin, square, sub, sum, tensor, zerosLike } from "@diffrax-ts/array";
import { jacfwd, jacrev, jit } from "@diffrax-ts/autodiff";
import { linearSolve } from "@diffrax-ts/linear-solvers";
import type { Tensor } from "@diffrax-ts/pytree";
import {
  BFGS,
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
} from "@diffrax-ts/root-finders";
import fc from "fast-check";
import { expect, test } from "vitest";

const tolerances = { rtol: 1e-10, atol: 1e-10 };

/** A matrix whose rows are dominated by their diagonals, so that `|A⁻¹| ≤ 1`, a bend, and the root. */
interface System {
  readonly matrix: Tensor;
  readonly bend: number;
  readonly root: Tensor;
}

const number = fc.double({ min: -1, max: 1, noNaN: true });

const systems: fc.Arbitrary<System> = fc.integer({ min: 1, max: 8 }).chain((n) =>
  fc
    .record({
      rows: fc.array(fc.array(number, { minLength: n, maxLength: n }), {
        minLength: n,
        maxLength: n,
      }),
      bend: fc.double({ min: 0, max: 0.5, noNaN: true }),
      root: fc.array(number, { minLength: n, maxLength: n }),
    })
    .map(({ rows, bend, root }) => ({
      matrix: tensor(rows.map((row, i) => row.map((x, j) => (i === j ? n + 1 + x : x)))),
      bend,
      root: tensor(root),
    })),
);

/** `A (y - y*) + c sin²(y - y*)`: zero at `y*`, and there alone within reach. */
const equations = (
  y: Tensor,
  { matrix, root, bend }: { matrix: Tensor; root: Tensor; bend: Tensor },
) => {
  const off = sub(y, root);
  return add(dot(matrix, off), mul(bend, square(sin(off))));
};

const largest = (x: Tensor): number => Math.max(...(x.toArray() as number[]).map(Math.abs));

const finders = [
  Newton(tolerances),
  LineSearchNewton(tolerances),
  Chord(tolerances),
  VeryChord(tolerances),
  LevenbergMarquardt(tolerances),
  GaussNewton(tolerances),
];

test.each(finders.map((finder) => [finder.kind, finder] as const))(
  "%s finds the root of any system whose derivative is dominated by its diagonal",
  (_, finder) => {
    fc.assert(
      fc.property(systems, ({ matrix, bend, root }) => {
        const args = { matrix, bend, root };
        const start = tensor(new Float64Array(root.length));
        const { value } = rootFind(equations, finder, start, { args });
        // |A⁻¹| ≤ 1: y is off by no more than f, which is within 1e-10, or by a step, which is within 2e-10.
        expect(largest(sub(value, root))).toBeLessThan(1e-9);
      }),
      { numRuns: 30 },
    );
  },
);

interface Given {
  readonly matrix: Tensor;
  readonly root: Tensor;
  readonly bend: Tensor;
}

/** `f(y) - c` */
const shiftedEquations = (y: Tensor, { c, ...rest }: Given & { readonly c: Tensor }): Tensor =>
  sub(equations(y, rest), c);

/** `y` with `f(y) = c`; at `c = 0` its derivative is `f'(y*)⁻¹ = A⁻¹`. */
const shifted = (c: Tensor, given: Given): Tensor =>
  rootFind(shiftedEquations, Newton(tolerances), zerosLike(c), { args: { ...given, c } }).value;

const takeForward = jacfwd(shifted);
const takeBackward = jit(jacrev(shifted));

test("the derivative of a root is that of the inverse function, forward and backward, compiled and not", () => {
  fc.assert(
    fc.property(systems, ({ matrix, bend, root }) => {
      const start = tensor(new Float64Array(root.length));
      const given = { matrix, root, bend: tensor(bend) };
      const forward = takeForward(start, given);
      const backward = takeBackward(start, given);
      for (let j = 0; j < root.length; j++) {
        const unit = tensor(Float64Array.from({ length: root.length }, (_, i) => Number(i === j)));
        const column = linearSolve(matrix, unit).value;
        expect(largest(sub(dot(forward, unit), column))).toBeLessThan(1e-8);
        expect(largest(sub(dot(backward, unit), column))).toBeLessThan(1e-8);
      }
    }),
    { numRuns: 20 },
  );
});

interface Line {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly row: Tensor;
}

const residuals = (y: Tensor, { a, b, row }: Line) => ({
  square: sub(dot(a, y), b),
  one: sub(dot(row, y), 1),
});

const parabola = (y: Tensor, { a, b }: Omit<Line, "row">): Tensor => sum(square(dot(a, sub(y, b))));

/** `|∂f/∂y| ≤ 1/2` */
const contraction = (y: Tensor, { a, b }: Omit<Line, "row">): Tensor =>
  add(b, mul(1 / (4 * y.length + 4), dot(a, sin(y))));

test.each(
  [LevenbergMarquardt(tolerances), GaussNewton(tolerances)].map((s) => [s.kind, s] as const),
)("%s fits any linear model as the normal equations do", (_, solver) => {
  fc.assert(
    fc.property(
      systems,
      fc.array(number, { minLength: 9, maxLength: 9 }),
      ({ matrix, root }, more) => {
        const n = root.length;
        const row = tensor(more.slice(0, n));
        const { value } = leastSquares(residuals, solver, tensor(new Float64Array(n)), {
          args: { a: matrix, b: root, row },
        });
        const gradient = add(
          dot(sub(dot(matrix, value), root), matrix),
          mul(row, sub(dot(row, value), 1)),
        );
        // JᵀJ is at most (2 n + 2)² + n, and the last step at most 1e-10 and a half.
        expect(largest(gradient)).toBeLessThan(1e-6);
      },
    ),
    { numRuns: 30 },
  );
});

test("BFGS finds the minimum of any convex parabola", () => {
  fc.assert(
    fc.property(systems, ({ matrix, root }) => {
      const start = tensor(new Float64Array(root.length));
      const { value } = minimise(parabola, BFGS(tolerances), start, {
        args: { a: matrix, b: root },
      });
      expect(largest(sub(value, root))).toBeLessThan(1e-4); // √ of what rounding leaves of f
    }),
    { numRuns: 30 },
  );
});

test("FixedPointIteration and Newton find the same fixed point of any contraction", () => {
  fc.assert(
    fc.property(systems, ({ matrix, root }) => {
      const n = root.length;
      const args = { a: matrix, b: root };
      const start = tensor(new Float64Array(n));
      const [own, newton] = [FixedPointIteration(tolerances), Newton(tolerances)].map(
        (solver) => fixedPoint(contraction, solver, start, { args }).value,
      );
      expect(largest(sub(own!, newton!))).toBeLessThan(1e-9);
    }),
    { numRuns: 30 },
  );
});
