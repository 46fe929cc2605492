import {
  checkTraces,
  cond,
  grad,
  hessian,
  jacfwd,
  jacrev,
  jit,
  jvp,
  scan,
  vjp,
  vmap,
  whileLoop,
} from "@diffrax-ts/autodiff";
import {
  add,
  apply,
  astype,
  greater,
  less,
  mul,
  pow,
  sin,
  sub,
  tensorOf,
} from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Draw, numbersOf } from "./support/Draw.ts";
import { randomFunction, sum } from "./support/randomFunction.ts";

const scalar = (x: Tensor): Scalar => x as Scalar;
const vector = (...x: number[]): Tensor =>
  tensorOf({ dtype: "float64", shape: [x.length], data: Float64Array.from(x) });
const unit = (n: number, i: number): Tensor =>
  vector(...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));

/** u = x² y, v = [x, y, 3 x] of a record. */
const tree = ({ x, y }: { x: Scalar; y: Scalar }) => ({
  u: scalar(mul(mul(x, x), y)),
  v: apply("pack", [x, y, mul(x, 3)], { shape: [3] })[0]!,
});

describe.each([
  ["jacfwd", jacfwd],
  ["jacrev", jacrev],
] as const)("%s", (name, jac) => {
  test("gives for each leaf of the result a tree like the argument", () => {
    const { u, v } = jac(tree)({ x: 2, y: 5 });
    expect([u.x.item(), u.y.item()]).toEqual([20, 4]);
    expect([v.x.toArray(), v.y.toArray()]).toEqual([
      [1, 0, 3],
      [0, 1, 0],
    ]);
  });

  test("has the axes of the result before those of the argument", () => {
    const outer = (a: Tensor, b: Tensor): Tensor =>
      apply("dotGeneral", [a, b], { contract: [[], []], batch: [[], []] })[0]!;
    const [a, b] = [vector(1, 2, 3), vector(5, 7)];
    const j = jac(outer)(a, b);
    expect(j.shape).toEqual([3, 2, 3]);
    expect(j.toArray()).toEqual(
      [0, 1, 2].map((i) => [5, 7].map((y) => numbersOf(unit(3, i)).map((e) => e * y))),
    );
    const [ja, jb] = jac(outer, { argnums: [0, 1] })(a, b);
    expect(ja.toArray()).toEqual(j.toArray());
    expect(jb.shape).toEqual([3, 2, 2]);
    expect(jac(outer, { argnums: 1 })(a, b).toArray()).toEqual(jb.toArray());
  });

  test("takes what is not differentiated beside the result", () => {
    const f = (x: Scalar, n: Scalar) => [mul(x, n), { n, twice: mul(x, 2) }] as const;
    const { jacobian, aux } = jac(f, { hasAux: true })(3, 4);
    expect(jacobian.item()).toBe(4);
    expect([aux.n.item(), aux.twice.item()]).toEqual([4, 6]);
  });

  test("is zero where nothing depends on the argument", () => {
    const j = jac((x: Tensor) => ({ constant: vector(1, 2), x: mul(x, 2) }))(vector(1, 2, 3));
    expect(j.constant.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  test("goes through loops, branches and batches, inside and outside of a trace", () => {
    const f = (x: Tensor): Tensor => {
      const { u } = whileLoop(
        ({ n }) => less(n, 4),
        ({ u: before, n }) => ({ u: sin(mul(before, 1.5)), n: scalar(add(n, 1)) }),
        { u: x, n: 0 },
      );
      return cond(
        greater(sum(u), 0),
        (a) => mul(a, a),
        (a) => a,
        u,
      );
    };
    const x = vector(0.3, 0.5);
    const columns = [0, 1].map((i) => numbersOf(jvp(f, [x], [unit(2, i)]).tangent));
    const got = numbersOf(jac(f)(x));
    expect(got).toEqual(
      [0, 1].flatMap((i) => columns.map((column) => expect.closeTo(column[i]!, 12) as number)),
    );
    expect(numbersOf(jit((y: Tensor) => jac(f)(y))(x))).toEqual(got);
    const batch = vmap((y: Tensor) => jac(f)(y))(
      tensorOf({ dtype: "float64", shape: [2, 2], data: Float64Array.of(0.1, 0.2, 0.3, 0.5) }),
    );
    expect(numbersOf(batch).slice(4)).toEqual(got);
  });

  test("refuses what cannot be differentiated", () => {
    expect(() => jac((x: Scalar) => ({ n: astype(x, "int32") }))(1)).toThrow(
      `${name}: result.n is int32; only floats can be differentiated, so return [result, aux], set hasAux, and put it into aux`,
    );
    expect(() => jac((x: Tensor) => x)(Int32Array.of(1) as never)).toThrow(
      `${name}: argument 0 is int32[1]; only floats can be differentiated, so convert it or pass it as another argument`,
    );
    expect(() => (jac((x: Scalar) => x, { argnums: 1 }) as (x: number) => unknown)(1)).toThrow(
      `${name}: argnums: there is no argument 1; the function was called with 1`,
    );
    expect(() => jac((x: Scalar) => x as never, { hasAux: true })(1)).toThrow(
      `${name}: with hasAux the function has to return [loss, aux], a list of two`,
    );
  });
});

describe("hessian", () => {
  test("gives numbers for numbers", () => {
    const h = hessian(({ x, y }: { x: Scalar; y: Scalar }) => mul(mul(x, x), y))({ x: 2, y: 5 });
    expect(h).toEqual({ x: { x: 10, y: 4 }, y: { x: 4, y: 0 } });
  });

  test("of mixed trees gives tensors with the axes of both", () => {
    const h = hessian(({ a, x }: { a: Scalar; x: Tensor }) => mul(a, sum(mul(x, mul(x, x)))))({
      a: 2,
      x: Float64Array.of(1, 2),
    });
    expect(h.a.a).toBe(0);
    expect(h.a.x.toArray()).toEqual([3, 12]);
    expect(h.x.a.toArray()).toEqual([3, 12]);
    expect(h.x.x.toArray()).toEqual([
      [12, 0],
      [0, 24],
    ]);
  });

  test("of x ** y at y = 0 has the mixed derivative 1 / x, though 1 is what it is there for every x", () => {
    const h = hessian(({ x, y }: { x: Scalar; y: Scalar }) => pow(x, y) as Scalar)({ x: 2, y: 0 });
    // ∂²/∂x∂y = x ** (y - 1) (1 + y log x), ∂²/∂y² = x ** y log² x, ∂²/∂x² = y (y - 1) x ** (y - 2); log 2 is rounded once,
    // its square again.
    const square = expect.closeTo(Math.LN2 ** 2, 15) as number;
    expect(h).toEqual({ x: { x: 0, y: 0.5 }, y: { x: 0.5, y: square } });
  });

  test("of x ** y at x = 0 has what a power of x has there", () => {
    const power = ({ x, y }: { x: Scalar; y: Scalar }): Scalar => pow(x, y) as Scalar;
    // Of 0 ** y nothing depends on y > 0, nor does the slope in x for y > 1.
    const seconds = [2, 3].map((y) => hessian(power)({ x: 0, y }));
    expect(seconds).toEqual([2, 0].map((xx) => ({ x: { x: xx, y: 0 }, y: { x: 0, y: 0 } })));
    const firsts = [2, 1, 0].map((y) => grad(power)({ x: 0, y }).x);
    expect(firsts).toEqual([0, 1, 0]);
    // Next to zero, where 1 / x is infinite, it is as at zero.
    expect(grad(power)({ x: 1e-310, y: 0 }).x).toBe(0);
  });

  test("with respect to two arguments, beside aux", () => {
    const { hessian: h, aux } = hessian((x: Scalar, y: Scalar) => [mul(mul(x, x), y), x] as const, {
      argnums: [0, 1] as never,
      hasAux: true,
    })(2, 5) as unknown as { hessian: number[][]; aux: Tensor };
    expect(h).toEqual([
      [10, 4],
      [4, 0],
    ]);
    expect(aux.item()).toBe(2);
  });

  test("needs a scalar", () => {
    expect(() => hessian((x: Tensor) => x)(Float64Array.of(1, 2))).toThrow(
      "hessian: the function has to return a scalar, got float64[2]; take its sum or its mean",
    );
  });

  test("is the Jacobian of the gradient", () => {
    fc.assert(
      fc.property(fc.gen(), (next) => {
        const draw = new Draw(next);
        const n = draw.pick([1, 2, 3]);
        const f = randomFunction(draw, n, 1);
        const loss = (x: Tensor): Tensor => sum(f(x));
        const x = vector(...draw.floats([n], [0.2, 1], true));
        const gradient = (y: Tensor): Tensor => grad(loss)(y);
        const wanted = numbersOf(hessian(loss)(x));
        const size = 1 + Math.max(...wanted.map(Math.abs));
        const all = {
          "jacfwd(grad)": jacfwd(gradient)(x),
          "jacrev(grad)": jacrev(gradient)(x),
          "jacfwd(jacfwd)": jacfwd((y: Tensor) => jacfwd(loss)(y))(x),
          "jacrev(jacfwd)": jacrev((y: Tensor) => jacfwd(loss)(y))(x),
          "jit(hessian)": jit((y: Tensor) => hessian(loss)(y))(x),
        };
        for (const [name, got] of Object.entries(all)) {
          const found = numbersOf(got);
          expect(found.length).toBe(n * n);
          for (const [i, h] of wanted.entries())
            if (!(Math.abs(found[i]! - h) / size < 1e-11)) throw new Error(`${name}: ${found[i]}`);
        }
        // Symmetric, and its product with a vector is what jvp of grad gives.
        const v = vector(...draw.floats([n], [0.2, 1], true));
        const product = numbersOf(jvp(gradient, [x], [v]).tangent);
        for (let i = 0; i < n; i++) {
          const row = numbersOf(v).reduce((total, y, j) => total + wanted[i * n + j]! * y, 0);
          expect(Math.abs(row - product[i]!) / size).toBeLessThan(1e-11);
        }
      }),
      { numRuns: 25, includeErrorInReport: true },
    );
  }, 120_000);
});

test("the rows of jacrev are what vjp gives, and of jacfwd the columns what jvp gives", () => {
  fc.assert(
    fc.property(fc.gen(), (next) => {
      const draw = new Draw(next);
      const n = draw.pick([1, 2, 18]);
      const f = randomFunction(draw, n, 2);
      const x = vector(...draw.floats([n], [0.2, 1], true));
      const reverse = numbersOf(jacrev(f)(x));
      const forward = numbersOf(jacfwd(f)(x));
      const i = draw.int(0, n - 1);
      const row = numbersOf(vjp(f, x).vjp(unit(n, i))[0]);
      const column = numbersOf(jvp(f, [x], [unit(n, i)]).tangent);
      expect(reverse.slice(i * n, (i + 1) * n)).toEqual(row);
      expect([column.length, reverse.length, forward.length]).toEqual([n, n * n, n * n]);
      expect(column).toEqual(column.map((_, j) => forward[j * n + i]));
      const size = 1 + Math.max(...reverse.map(Math.abs));
      for (const [j, d] of reverse.entries())
        expect(Math.abs(d - forward[j]!) / size).toBeLessThan(1e-12);
    }),
    { numRuns: 25, includeErrorInReport: true },
  );
}, 120_000);

test("a Jacobian is traced once for arguments of one structure", () => {
  checkTraces("never");
  let traces = 0;
  const f = jacrev((x: Tensor) => {
    traces++;
    return scan((u: Tensor, _row: null) => ({ carry: sub(mul(u, x), 1), row: null }), x, null, {
      length: 2,
    }).carry;
  });
  f(vector(1, 2));
  f(vector(3, 4));
  expect(traces).toBe(1);
});
