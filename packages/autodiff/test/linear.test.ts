import {
  checkpoint,
  closureConvert,
  evalShape,
  grad,
  jit,
  jvp,
  linearize,
  linearTranspose,
  scan,
  stopGradient,
  vjp,
  vmap,
} from "@diffrax-ts/autodiff";
import { memoryUse } from "@diffrax-ts/compiler";
import {
  abs,
  add,
  apply,
  arrayType,
  div,
  exp,
  greater,
  integerPow,
  log,
  maximum,
  minimum,
  mul,
  pow,
  scalarTensor,
  sin,
  sqrt,
  sub,
  tensorOf,
  where,
} from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Draw, numbersOf } from "./support/Draw.ts";
import { randomFunction, sum } from "./support/randomFunction.ts";

const scalar = (x: Tensor): Scalar => x as Scalar;
const vector = (...x: number[]): Tensor =>
  tensorOf({ dtype: "float64", shape: [x.length], data: Float64Array.from(x) });

describe("linearize", () => {
  test("gives what jvp gives, for any number of directions", () => {
    fc.assert(
      fc.property(fc.gen(), (next) => {
        const draw = new Draw(next);
        const n = draw.pick([1, 3, 18]);
        const f = randomFunction(draw, n, 2);
        const x = vector(...draw.floats([n], [0.2, 1], true));
        const linear = linearize(f, x);
        for (let i = 0; i < 2; i++) {
          const v = vector(...draw.floats([n], [0.2, 1], true));
          const dual = jvp(f, [x], [v]);
          const got = numbersOf(linear.jvp(v));
          expect(numbersOf(linear.value)).toEqual(numbersOf(dual.value));
          const wanted = numbersOf(dual.tangent);
          const size = 1 + Math.max(...wanted.map(Math.abs));
          for (const [j, t] of wanted.entries())
            expect(Math.abs(got[j]! - t) / size).toBeLessThan(1e-13);
          expect(numbersOf(jit((y: Tensor, w: Tensor) => linearize(f, y).jvp(w))(x, v))).toEqual(
            wanted.map((t) => expect.closeTo(t, 10) as number),
          );
        }
      }),
      { numRuns: 20, includeErrorInReport: true },
    );
  }, 120_000);

  test("does what does not depend on the direction once", () => {
    let calls = 0;
    const slow = (x: Scalar): Scalar =>
      apply("hostCallback", [stopGradient(x)], {
        name: "slow",
        outputs: [arrayType("float64", [])],
        call: (memory, from, to) => {
          calls++;
          memory.f64[to] = 2 * memory.f64[from]!;
        },
      })[0] as Scalar;
    const { value, jvp: push } = linearize((x: Scalar) => scalar(mul(x, slow(x))), 3);
    expect([value.item(), push(1).item(), push(10).item()]).toEqual([18, 6, 60]);
    expect(calls).toBe(1);
  });

  test("can be differentiated again", () => {
    const slope = (x: Scalar): Scalar =>
      linearize((y: Scalar) => scalar(mul(y, mul(y, y))), x).jvp(1);
    expect(grad(slope)(2)).toBe(12);
  });

  test("refuses tangents of another structure", () => {
    const { jvp: push } = linearize((x: Scalar, y: Scalar) => scalar(mul(x, y)), 1, 2);
    expect(() => push(1)).toThrow(
      /^linearize: tangents: expected an array of 2, got an array of 1$/,
    );
  });
});

describe("linearTranspose", () => {
  test("is the transpose, of several arguments and of loops", () => {
    const weights = vector(1, 2, 4);
    const f = (x: Tensor, y: Tensor) => ({
      a: scan((u: Tensor, _row: null) => ({ carry: add(mul(u, weights), y), row: null }), x, null, {
        length: 3,
      }).carry,
      b: sub(apply("cumsum", [x], { axis: 0, reverse: false })[0]!, mul(y, 2)),
    });
    const [x, y, a, b] = [vector(1, 2, 3), vector(4, 5, 6), vector(1, 0, 2), vector(3, 1, 1)];
    const back = linearTranspose(f, x, y);
    const [cx, cy] = back({ a, b });
    const dot = (u: Tensor, v: Tensor): number => sum(mul(u, v)).item();
    const value = jit(f)(x, y);
    expect(dot(cx, x) + dot(cy, y)).toBeCloseTo(dot(a, value.a) + dot(b, value.b), 12);
    expect(numbersOf(jit((u: Tensor) => back({ a: u, b })[0])(a))).toEqual(numbersOf(cx));
  });

  test("gives numbers for numbers", () => {
    expect(linearTranspose((x: Scalar, y: Scalar) => x.mul(2).add(y), 0, 0)(10)).toEqual([20, 10]);
  });

  test("refuses what is not linear, and what is no float", () => {
    const square = (x: Scalar): Tensor => mul(x, x);
    expect(() => linearTranspose(square, 1)).toThrow(
      "linearTranspose: square is not linear: its derivative depends on the arguments (mul); use vjp",
    );
    expect(() => linearTranspose((x: Tensor) => x, Int32Array.of(1))).toThrow(
      "linearTranspose: the arguments have to be floats",
    );
  });
});

describe("vjp", () => {
  test("takes numbers as cotangents, and gives the kinds of leaves it was given", () => {
    const { vjp: back } = vjp(
      (x: Scalar, { v }: { v: Tensor }) => ({ s: mul(x, x), w: mul(v, x) }),
      3,
      {
        v: Float64Array.of(1, 2),
      },
    );
    expect(back({ s: 1, w: Float64Array.of(1, 1) })).toEqual([9, { v: Float64Array.of(3, 3) }]);
  });

  test("refuses a cotangent of another structure", () => {
    const { vjp: back } = vjp((x: Scalar) => ({ s: x }), 3);
    expect(() => back(1 as never)).toThrow(/^vjp: cotangent: expected .*, got/);
  });
});

describe("checkpoint", () => {
  const layer = (x: Tensor): Tensor => sin(mul(exp(sin(mul(x, 0.5))), add(x, 0.1)));

  test("changes no value and no derivative", () => {
    const remembered = checkpoint(layer);
    const [x, v] = [vector(0.3, 0.7), vector(1, -2)];
    const chain = (f: (x: Tensor) => Tensor) => (y: Tensor) => sum(f(f(f(y))));
    expect(jit(chain(remembered))(x).item()).toBe(jit(chain(layer))(x).item());
    expect(numbersOf(grad(chain(remembered))(x))).toEqual(numbersOf(grad(chain(layer))(x)));
    const second = (f: (x: Tensor) => Tensor) =>
      numbersOf(jvp((y: Tensor) => grad(chain(f))(y), [x], [v]).tangent);
    expect(second(remembered)).toEqual(second(layer).map((h) => expect.closeTo(h, 12) as number));
    expect(numbersOf(vmap((y: Tensor) => remembered(y))(x as never))).toEqual(numbersOf(layer(x)));
  });

  test("takes less memory", () => {
    const n = 10_000;
    let bytes = 0;
    // Measures how much memory belongs to the run.
    const measured = (x: Tensor): Tensor =>
      add(
        x,
        apply("hostCallback", [scalarTensor("int32", 0)], {
          name: "measure",
          outputs: [arrayType("float64", [])],
          call: (memory, _from, to) => {
            bytes = memoryUse().bytesInUse;
            memory.f64[to] = 0;
          },
        })[0]!,
      );
    const used = (f: (x: Tensor) => Tensor): number => {
      grad((x: Tensor) => {
        let y = measured(x);
        for (let i = 0; i < 20; i++) y = f(y);
        return sum(y);
      })(new Float64Array(n) as never);
      return bytes / (8 * n);
    };
    // 20 times what the derivative of a layer reads, against the arguments of 20 layers and one layer's work.
    expect(used(layer)).toBeGreaterThan(60);
    expect(used(checkpoint(layer))).toBeLessThan(35);
  });
});

describe("stopGradient", () => {
  test("of a tree is the tree, and has no derivative", () => {
    const f = (x: Scalar): Scalar => {
      const { a, name, n } = stopGradient({ a: mul(x, x), name: "b", n: 3 });
      return scalar(mul(x, name === "b" && n === 3 ? a : 0));
    };
    expect(jit(f)(3).item()).toBe(27);
    expect(grad(f)(3)).toBe(9);
    expect(jvp(f, [3], [1]).tangent.item()).toBe(9);
    expect(grad((x: Scalar) => grad(f)(x))(3)).toBe(0);
    expect(stopGradient({ x: 1, v: Float64Array.of(2) })).toEqual({ x: 1, v: Float64Array.of(2) });
  });
});

describe("closureConvert", () => {
  test("makes what is used from outside arguments", () => {
    const f = (k: Scalar, m: Scalar): Scalar => {
      const { converted, captured } = closureConvert(
        ({ x }: { x: Scalar }) => ({ y: scalar(add(mul(mul(x, k), k), m)) }),
        { x: 1 },
      );
      expect(captured).toHaveLength(2);
      return converted({ x: scalar(mul(k, 3)) }, ...captured).y;
    };
    expect(jit(f)(2, 1).item()).toBe(25);
    expect(grad(f, { argnums: [0, 1] })(2, 1)).toEqual([36, 1]);
  });

  test("leaves nothing to give if nothing is used, and counts what it is given", () => {
    const { converted, captured } = closureConvert((x: Scalar) => mul(x, 2), 1);
    expect(captured).toEqual([]);
    expect(converted(4 as never).item()).toBe(8);
    expect(() => converted(4 as never, scalarTensor("float64", 1))).toThrow(
      "closureConvert: expected 1 arguments and 0 captured values, got 2 in all",
    );
  });
});

test("evalShape says what would come out, and runs nothing", () => {
  const f = (x: Tensor, { k }: { k: Scalar }) => ({
    outer: mul(x, k),
    total: [sum(x), greater(k, 0)],
    name: "f",
  });
  expect(evalShape(f, new Float64Array(5), { k: 2 })).toEqual({
    outer: { dtype: "float64", shape: [5] },
    total: [
      { dtype: "float64", shape: [] },
      { dtype: "bool", shape: [] },
    ],
    name: "f",
  });
  expect(
    jit((x: Tensor) => mul(x, evalShape(f, x, { k: 1 }).outer.shape[0]!))(vector(1, 2)).toArray(),
  ).toEqual([2, 4]);
});

// A product with zero is not left out, so 0 · Infinity is NaN; the cure is a second `where`.
describe("where there is no derivative, grad gives what JAX gives:", () => {
  const cases: Readonly<Record<string, readonly [(x: Scalar) => Tensor, number, number]>> = {
    "sqrt at 0": [sqrt, 0, Infinity],
    "where(x > 0, sqrt(x), 0) at 0": [(x) => where(greater(x, 0), sqrt(x), 0), 0, NaN],
    "where(x > 0, sqrt(where(x > 0, x, 1)), 0) at 0": [
      (x) => where(greater(x, 0), sqrt(where(greater(x, 0), x, 1)), 0),
      0,
      0,
    ],
    "where(x > 0, log(x), 0) at -1": [(x) => where(greater(x, 0), log(x), 0), -1, -0],
    "where(x > 0, 1 / x, 0) at 0": [(x) => where(greater(x, 0), div(1, x), 0), 0, NaN],
    "abs at 0": [abs, 0, 0],
    "max(x, 0) at 0": [(x) => maximum(x, 0), 0, 0.5],
    "min(x, 0) at 0": [(x) => minimum(x, 0), 0, 0.5],
    "max(x, x) at 2": [(x) => maximum(x, x), 2, 1],
    "x ** 2 at 0, by pow": [(x) => pow(x, scalarTensor("float64", 2)), 0, 0],
    "x ** 0 at 0, by pow": [(x) => pow(x, scalarTensor("float64", 0)), 0, 0],
    "0 ** x at 2": [(x) => pow(scalarTensor("float64", 0), x), 2, 0],
    "integerPow(x, 0) at 0": [(x) => integerPow(x, 0), 0, 0],
    "sqrt(x x) at 0": [(x) => sqrt(mul(x, x)), 0, NaN],
  };
  test.each(Object.entries(cases))("%s", (_, [f, at, wanted]) => {
    expect(grad(f)(at) + 0).toBe(wanted + 0);
  });
});
