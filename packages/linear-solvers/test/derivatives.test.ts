import {
  add,
  astype,
  cos,
  dot,
  equal,
  eye,
  mul,
  sin,
  stack,
  sub,
  sum,
  tensor,
  transpose,
  where,
} from "@diffrax-ts/array";
import {
  cond,
  grad,
  hessian,
  jacfwd,
  jacrev,
  jit,
  jvp,
  linearize,
  linearTranspose,
  scan,
  vjp,
  vmap,
  whileLoop,
} from "@diffrax-ts/autodiff";
import { linearResultCode, linearSolve } from "@diffrax-ts/linear-solvers";
import { greater, less } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { expectClose, gradients, solved, system } from "./support/derivatives.ts";
import { generator, numbersOf, randomVector } from "./support/systems.ts";

/** Written out; as loops; in two blocks. */
const sizes = [1, 2, 4, 5, 9, 30];

const dots = (xs: readonly number[], ys: readonly number[]): number =>
  xs.reduce((total, x, i) => total + x * ys[i]!, 0);

/** `(8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h`. */
function difference(f: (h: number) => readonly number[], h = 2 ** -9): number[] {
  const [p, m, p2, m2] = [f(h), f(-h), f(2 * h), f(-2 * h)];
  return p.map((x, i) => (8 * (x - m[i]!) - (p2[i]! - m2[i]!)) / (12 * h));
}
// h⁴/30 = 5e-13 times a fifth derivative, which is 5! |A⁻¹ dA|⁵ |x|, and ε/h = 6e-14.
const ofDifferences = 1e-9;

describe("the derivative of linearSolve(matrix, vector)", () => {
  test.each(sizes)("forward agrees with differences, for n = %i", (n) => {
    const { a, b, da, db } = system(n);
    const moved = jit((h: Scalar) => solved(add(a, mul(da, h)), add(b, mul(db, h))));
    const { value, tangent } = jvp(solved, [a, b], [da, db]);
    expect(value.toArray()).toEqual(solved(a, b).toArray());
    expectClose(
      numbersOf(tangent),
      difference((h) => numbersOf(moved(h))),
      ofDifferences,
    );
  });

  test.each(sizes)("backward is the transpose of forward, for n = %i", (n) => {
    const { a, b, da, db } = system(n);
    const ct = randomVector(n, generator(7));
    const { tangent } = jvp(solved, [a, b], [da, db]);
    const { value, vjp: back } = vjp(solved, a, b);
    const [ga, gb] = back(ct);
    expect(value.toArray()).toEqual(solved(a, b).toArray());
    const [left, right] = [
      dots(numbersOf(ct), numbersOf(tangent)),
      dots(numbersOf(ga), numbersOf(da)) + dots(numbersOf(gb), numbersOf(db)),
    ];
    // n² products, each with ε.
    expect(Math.abs(left - right)).toBeLessThan(n * n * 1e-15);
  });

  test("is λ = A⁻ᵀ c for the vector, and -λ xᵀ for the matrix", () => {
    const { a, b } = system(3);
    const c = tensor([1, -2, 0.5]);
    const loss = (matrix: Tensor, vector: Tensor): Tensor => dot(c, solved(matrix, vector));
    const lambda = numbersOf(solved(transpose(a), c));
    const x = numbersOf(solved(a, b));
    const [ga, gb] = gradients(loss)(a, b);
    expectClose(numbersOf(gb), lambda, 1e-15);
    expectClose(
      numbersOf(ga),
      lambda.flatMap((l) => x.map((value) => -l * value)),
      1e-15,
    );
  });

  test.each(["jacfwd", "jacrev"] as const)(
    "with respect to the vector is the inverse, by %s",
    (name) => {
      const { a, b } = system(5);
      const inverse = { jacfwd, jacrev }[name]((vector: Tensor) => solved(a, vector))(b);
      const columns = numbersOf(eye(5)).length / 5;
      const wanted = Array.from({ length: columns }, (_, j) => solved(a, eye(5).at(j)));
      expectClose(numbersOf(inverse), numbersOf(stack(wanted, { axis: 1 })), 1e-15);
    },
  );

  test("in float32 is float32, and that of float64 but for rounding", () => {
    for (const n of [3, 8]) {
      const { a, b, da, db } = system(n);
      const [a4, b4, da4, db4] = [a, b, da, db].map((x): Tensor => astype(x, "float32")) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const { tangent } = jvp(solved, [a4, b4], [da4, db4]);
      const [ga] = vjp(solved, a4, b4).vjp(db4);
      expect([tangent.dtype, ga.dtype]).toEqual(["float32", "float32"]);
      // Some n² operations, each with 2⁻²⁴.
      const tolerance = n * n * 2 ** -23;
      expectClose(numbersOf(tangent), numbersOf(jvp(solved, [a, b], [da, db]).tangent), tolerance);
      expectClose(numbersOf(ga), numbersOf(vjp(solved, a, b).vjp(db)[0]), tolerance);
    }
  });

  test.each([2, 4, 6, 30])("of second order is the same in every way, for n = %i", (n) => {
    const { a, b, da, db } = system(n);
    const loss = (matrix: Tensor, vector: Tensor): Tensor => sum(sin(solved(matrix, vector)));
    const gradient = gradients(loss);
    const flat = (list: readonly Tensor[]): number[] => list.flatMap(numbersOf);
    const forwardOverReverse = flat(jvp(gradient, [a, b], [da, db]).tangent);
    const run = jit((h: Scalar) => gradient(add(a, mul(da, h)), add(b, mul(db, h))));
    expectClose(
      forwardOverReverse,
      difference((h) => flat(run(h))),
      ofDifferences,
    );
    const slope = (matrix: Tensor, vector: Tensor): Tensor =>
      jvp(loss, [matrix, vector], [da, db]).tangent;
    expectClose(flat([...vjp(slope, a, b).vjp(1)]), forwardOverReverse, 1e-13);
    const along = (matrix: Tensor, vector: Tensor): Tensor => {
      const [ga, gb] = gradient(matrix, vector);
      return add(sum(mul(ga, da)), sum(mul(gb, db)));
    };
    expectClose(flat([...vjp(along, a, b).vjp(1)]), forwardOverReverse, 1e-13);
    const second = jvp(slope, [a, b], [da, db]).tangent.item();
    expectClose([second], [dots(forwardOverReverse, flat([da, db]))], 1e-13);
  });

  test("of third order exists: of 1 / (1 + t), by a matrix of one element", () => {
    const f = (t: Scalar): Tensor => solved(add(tensor([[1]]), t), tensor([1])).at(0);
    const third = grad((t: Scalar) => grad((s: Scalar) => grad(f as (r: Scalar) => Scalar)(s))(t));
    expectClose([third(1)], [-6 / 16], 1e-15);
    expectClose([numbersOf(hessian(f as (t: Scalar) => Scalar)(tensor(1)))[0]!], [2 / 8], 1e-15);
  });

  test("can be asked for only where there is a solution", () => {
    const b = tensor([1, 2]);
    const loss = (a: Tensor): Tensor => {
      const { value, result } = linearSolve(a, b, { throw: false });
      return where(equal(result as Tensor, 0), sum(value), 3);
    };
    expect(grad(loss)(eye(2)).toArray()).toEqual([
      [-1, -2],
      [-1, -2],
    ]);
  });
});

describe("linearSolve within other transformations:", () => {
  test.each([3, 7])("vmap is one after the other, to the bit, for n = %i", (n) => {
    const systems = [1, 2, 3, 4].map((seed) => system(n, seed));
    const as = stack(systems.map(({ a }) => a));
    const bs = stack(systems.map(({ b }) => b));
    const loss = (matrix: Tensor, vector: Tensor): Tensor => sum(sin(solved(matrix, vector)));
    const gradient = gradients(loss);
    const tangent = (matrix: Tensor, vector: Tensor): Tensor =>
      jvp(solved, [matrix, vector], [matrix, cos(vector)]).tangent;
    const { a, b } = systems[0]!;

    expect(vmap(solved)(as, bs).toArray()).toEqual(
      systems.map((one) => solved(one.a, one.b).toArray()),
    );
    expect(vmap((x: Tensor) => solved(a, x))(bs).toArray()).toEqual(
      systems.map((one) => solved(a, one.b).toArray()),
    );
    expect(vmap((x: Tensor) => solved(x, b))(as).toArray()).toEqual(
      systems.map((one) => solved(one.a, b).toArray()),
    );
    expect(vmap(tangent)(as, bs).toArray()).toEqual(
      systems.map((one) => jit(tangent)(one.a, one.b).toArray()),
    );
    const [ga, gb] = vmap(gradient)(as, bs);
    const wanted = systems.map((one) => jit(gradient)(one.a, one.b));
    expect(ga.toArray()).toEqual(wanted.map(([x]) => x.toArray()));
    expect(gb.toArray()).toEqual(wanted.map(([, x]) => x.toArray()));
    const total = (matrices: Tensor): Tensor => sum(vmap(loss)(matrices, bs));
    expectClose(numbersOf(grad(total)(as)), numbersOf(ga), 1e-15);
  });

  test("vmap of a failure fails, and says which with throw: false", () => {
    const as = tensor([
      [
        [1, 0],
        [0, 2],
      ],
      [
        [1, 2],
        [2, 4],
      ],
    ]);
    const b = tensor([1, 1]);
    expect(() => vmap((a: Tensor) => solved(a, b))(as)).toThrow(/^linearSolve: /u);
    const results = vmap((a: Tensor) => linearSolve(a, b, { throw: false }).result as Tensor)(as);
    expect(results.toArray()).toEqual([0, linearResultCode("singular")]);
  });

  test("grad inside jit, and jit inside grad, are grad", () => {
    const { a, b } = system(6);
    const loss = (matrix: Tensor): Tensor => sum(sin(solved(matrix, b)));
    const wanted = grad(loss)(a).toArray();
    expect(jit(grad(loss))(a).toArray()).toEqual(wanted);
    expect(jit((matrix: Tensor) => grad(jit(loss))(matrix))(a).toArray()).toEqual(wanted);
  });

  test("linearTranspose of the solution for a vector solves with the transposed matrix", () => {
    const { a, b, db } = system(5);
    const back = linearTranspose((vector: Tensor) => solved(a, vector), b);
    expectClose(numbersOf(back(db)[0]), numbersOf(solved(transpose(a), db)), 1e-15);
  });

  test("linearize keeps what it knows of the matrix for many directions", () => {
    const { a, b, da, db } = system(5);
    const { value, jvp: along } = linearize(solved, a, b);
    expect(value.toArray()).toEqual(solved(a, b).toArray());
    expect(along(da, db).toArray()).toEqual(jvp(solved, [a, b], [da, db]).tangent.toArray());
  });

  test.each([3, 6])("a scan is differentiated through, both ways, for n = %i", (n) => {
    const { a, b, da } = system(n);
    const run = (matrix: Tensor): Tensor => {
      const turn = (x: Tensor) => ({ carry: sin(solved(matrix, x)), row: null });
      return sum(scan(turn, b, null, { length: 5 }).carry);
    };
    const written = (matrix: Tensor): Tensor => {
      let x = b;
      for (let i = 0; i < 5; i++) x = sin(solved(matrix, x));
      return sum(x);
    };
    expectClose(numbersOf(grad(run)(a)), numbersOf(grad(written)(a)), 1e-14);
    const { tangent } = jvp(run, [a], [da]);
    expectClose(numbersOf(tangent), numbersOf(jvp(written, [a], [da]).tangent), 1e-14);
  });

  test("Newton's method in a while loop finds a root, and is differentiated", () => {
    // x² + y² = r, x = y: the root is √(r/2) twice.
    const start: Tensor = tensor([2, 1]);
    const root = (r: Scalar): Tensor =>
      whileLoop(
        ({ error }) => greater(error, 1e-12),
        ({ x }) => {
          const [u, v] = [x.at(0), x.at(1)];
          const f = stack([sub(add(mul(u, u), mul(v, v)), r), sub(u, v)]);
          const jacobian = stack([mul(x, 2), tensor([1, -1])]);
          const step = solved(jacobian, f);
          return { x: sub(x, step), error: dot(step, step) as Scalar };
        },
        { x: start, error: 1 },
        { maxSteps: 20 },
      ).x.at(0);
    expectClose([jit(root)(8).item()], [2], 1e-15);
    expectClose([grad(root as (r: Scalar) => Scalar)(8)], [1 / 8], 1e-12);
  });

  test("a branch is differentiated through", () => {
    const { a, b } = system(3);
    const either = (t: Scalar): Tensor =>
      sum(
        cond(
          less(t, 0),
          (x: Tensor) => solved(a, x),
          (x: Tensor) => solved(transpose(a), x),
          mul(b, t),
        ),
      );
    const slope = grad(either as (t: Scalar) => Scalar);
    expectClose(
      [slope(-1), slope(1)],
      [sum(solved(a, b)).item(), sum(solved(transpose(a), b)).item()],
      1e-15,
    );
  });
});
