// What the functions handed to cond, whileLoop and scan may do, what of them is refused, and what of a branch reaches a derivative.
import { cond, grad, jit, jvp, scan, vmap, whileLoop } from "@diffrax-ts/autodiff";
import {
  add,
  astype,
  greater,
  less,
  log,
  mul,
  scalarTensor,
  sqrt,
  tensorOf,
  traceContext,
} from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { sum } from "./support/randomFunction.ts";

const same = (x: Scalar): Scalar => x;
const twice = (x: Scalar): Scalar => add(x, x) as Scalar;
const below = (x: Scalar, limit: number): Tensor => less(x, limit);
/** As one would write it of numbers: of a traced value, every object counts as true. */
const twiceIfSmall = (x: Scalar): Scalar => (below(x, 50) ? twice(x) : x);

describe("a comparison that nothing reads is refused in", () => {
  test.each<[string, string, (x: Scalar) => unknown]>([
    ["the body of a whileLoop", "whileLoop", (x) => whileLoop((c) => less(c, 9), twiceIfSmall, x)],
    [
      "the condition of a whileLoop",
      "whileLoop",
      (x) => whileLoop((c) => less(twiceIfSmall(c), 9), twice, x),
    ],
    [
      "a scan",
      "scan",
      (x) => scan((c: Scalar) => ({ carry: twiceIfSmall(c), row: null }), x, null, { length: 2 }),
    ],
    [
      "a branch of a cond",
      "cond: onTrue",
      (x) => cond(greater(x, 0), () => twiceIfSmall(x), twice, x),
    ],
    [
      "the other branch of a cond",
      "cond: onFalse",
      (x) => cond(greater(x, 0), twice, twiceIfSmall, x),
    ],
    [
      "a scan in the body of a whileLoop",
      "scan",
      (x) =>
        whileLoop(
          (c) => less(c, 9),
          (c) =>
            scan((d: Scalar) => ({ carry: twiceIfSmall(d), row: null }), c, null, { length: 2 })
              .carry,
          x,
        ),
    ],
  ])("%s", (_, name, f) => {
    const run = (): unknown => jit(f as never)(1);
    expect(run).toThrow(TypeError);
    expect(run).toThrow(
      `${name}: the result of a comparison (lt) was not used; a traced value has no truth value yet`,
    );
    expect(traceContext().current).toBeNull();
  });
});

describe("no scalar truth value is", () => {
  const x = tensorOf({ dtype: "float64", shape: [2], data: Float64Array.of(1, 300) });
  test.each<[string, () => unknown, string]>([
    [
      "a vector of them, as whileLoop's condition",
      () =>
        whileLoop(
          (c) => less(c, 100),
          (c) => mul(c, 2),
          x,
        ),
      "whileLoop: cond: expected a scalar truth value, such as np.less(x, 1) of scalars, got bool[2]",
    ],
    [
      "true, as whileLoop's condition",
      () => whileLoop(() => true as never, twice, scalarTensor("float64", 1)),
      "whileLoop: cond: expected a scalar truth value, such as np.less(x, 1) of scalars, got true",
    ],
    [
      "a number, as whileLoop's condition",
      () => whileLoop(same, twice, scalarTensor("float64", 1)),
      "whileLoop: cond: expected a scalar truth value, such as np.less(x, 1) of scalars, got float64[]",
    ],
    [
      "a vector of them, as cond's pred",
      () => cond(less(x, 100), same, twice, x.at(0) as Scalar),
      "cond: pred: expected a scalar truth value, such as np.less(x, 1) of scalars, got bool[2]",
    ],
    [
      "true, as cond's pred",
      () =>
        cond(
          true as never,
          () => 1,
          () => 2,
        ),
      "cond: pred: expected a scalar truth value, such as np.less(x, 1) of scalars, got true",
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(TypeError);
    expect(run).toThrow(message);
  });
});

describe("a number that one branch of cond returns takes the dtype of what the other returns", () => {
  test.each(["float64", "float32", "int32"] as const)("%s", (dtype) => {
    const x = scalarTensor(dtype, 5);
    const three = 3 as unknown as Tensor;
    const first = (pred: Tensor): Tensor =>
      cond<readonly [], Tensor>(
        pred,
        () => three,
        () => x,
      );
    const second = (pred: Tensor): Tensor =>
      cond<readonly [], Tensor>(
        pred,
        () => x,
        () => three,
      );
    for (const [f, wanted] of [
      [first, [3, 5]],
      [second, [5, 3]],
    ] as const) {
      for (const run of [
        (p: Scalar) => f(greater(p, 0)),
        jit((p: Scalar): Tensor => f(greater(p, 0))) as unknown as (p: Scalar) => Tensor,
      ]) {
        const results = [1, -1].map((p) => run(scalarTensor("float64", p)));
        expect(results.map((y) => y.dtype)).toEqual([dtype, dtype]);
        expect(results.map((y) => y.item())).toEqual(wanted);
      }
    }
  });

  test("and is no number on the way to a gradient: that of the other branch is as it was", () => {
    const f = (x: Scalar): Scalar =>
      cond<readonly [], Scalar>(
        greater(x, 0),
        () => 0 as unknown as Scalar,
        () => mul(x, x) as Scalar,
      );
    expect([grad(f)(3), grad(f)(-3)]).toEqual([0, -6]);
  });

  test("but a tensor keeps its own, and is refused next to another", () => {
    const x = scalarTensor("float64", 1);
    const single = (): Scalar => astype(x, "float32");
    expect(() => cond<readonly [], Scalar>(greater(x, 0), () => x, single)).toThrow(
      "cond: onFalse: expected float64 as in onTrue, got float32",
    );
  });
});

describe("in a vmap, a branch that an element does not take has no part in its derivative, even if there it is infinite:", () => {
  const zero = (x: Scalar): Scalar => mul(x, 0) as Scalar;
  const at = Float64Array.of(-1, 0, 1, 4);
  const positive = (x: Scalar): Tensor => greater(x, 0);
  // The roots and reciprocals of powers of 4 are powers of 2: exact.
  test.each<[string, (x: Scalar) => Scalar, readonly number[]]>([
    ["√x for x > 0", (x) => cond(positive(x), (y) => sqrt(y), zero, x), [0, 0, 0.5, 0.25]],
    [
      "√x for x > 0, in the other branch",
      (x) => cond(less(x, 1), zero, (y) => sqrt(y), x),
      [0, 0, 0.5, 0.25],
    ],
    ["log x for x > 0", (x) => cond(positive(x), (y) => log(y), zero, x), [0, 0, 1, 0.25]],
    [
      "√x of a variable from outside",
      (x) =>
        cond<readonly [], Scalar>(
          positive(x),
          () => sqrt(x),
          () => zero(x),
        ),
      [0, 0, 0.5, 0.25],
    ],
  ])("%s", (_, f, wanted) => {
    const total = (x: Tensor): Tensor => sum(vmap(f)(x));
    const batch = (x: Tensor): Tensor => vmap(f)(x);
    const ones = new Float64Array(at.length).fill(1);
    const gradients: Readonly<Record<string, unknown>> = {
      "grad of vmap": grad(total as never)(at as never),
      "jit of grad of vmap": jit((x: Tensor) => grad(total as never)(x as never) as Tensor)(at),
      "vmap of grad": vmap((x: Scalar) => grad(f)(x))(at),
      "jvp of vmap": jvp(batch as never, [at as never], [ones as never]).tangent,
    };
    for (const [name, gradient] of Object.entries(gradients))
      expect([...(gradient as Iterable<number>)], `of ${name}`).toEqual(wanted);
  });
});
