import {
  customJvp,
  customVjp,
  grad,
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
  cos,
  div,
  exp,
  integerPow,
  less,
  log,
  maximum,
  minimum,
  mul,
  sin,
  sub,
  tensorOf,
} from "@diffrax-ts/program";
import { fixed, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const scalar = (x: Tensor): Scalar => x as Scalar;

/** How often each of the functions of a rule was run. */
const runs = { jvp: 0, forward: 0, backward: 0 };

/** x² y, with rules that do the same as the derivatives that would have been found. */
const square = (x: Scalar, y: Scalar): Scalar => scalar(mul(mul(x, x), y));
const byTangents = customJvp(square, ([x, y], [dx, dy]) => {
  runs.jvp++;
  return {
    value: square(x, y),
    tangent: scalar(add(mul(dx, mul(mul(x, y), 2)), mul(mul(x, x), dy))),
  };
});
const byCotangents = customVjp(square, {
  forward: (x, y) => {
    runs.forward++;
    return { value: square(x, y), residuals: { x, y } };
  },
  backward: ({ x, y }, g) => {
    runs.backward++;
    return [scalar(mul(g, mul(mul(x, y), 2))), scalar(mul(g, mul(x, x)))];
  },
});

type Rule = (x: Scalar, y: Scalar) => Scalar;

describe.each([
  ["customJvp", byTangents as Rule],
  ["customVjp", byCotangents as Rule],
])("%s", (_, rule) => {
  const inLoop = (f: Rule) => (x: Scalar, y: Scalar) =>
    whileLoop(
      ({ n }) => less(n, 5),
      ({ u, n }) => ({ u: scalar(sin(f(u, y))), n: scalar(add(n, 1)) }),
      { u: x, n: 0 },
    ).u;
  const inScan = (f: Rule) => (x: Scalar, y: Scalar) =>
    scan((u: Scalar, _row: null) => ({ carry: scalar(cos(f(u, y))), row: null }), x, null, {
      length: 4,
    }).carry;
  const inBatch = (f: Rule) => (x: Scalar, y: Scalar) => {
    const rows = vmap((shift: Scalar) => f(scalar(add(x, shift)), y))(Float64Array.of(0, 1, 2));
    return scalar(apply("reduceSum", [rows], { axes: [0] })[0]!);
  };
  const places = { alone: (f: Rule) => f, inLoop, inScan, inBatch };

  test.each(Object.entries(places))(
    "has the derivatives of the function itself, %s",
    (_name, place) => {
      const both = [square, rule].map(place);
      const close = (one: (f: Rule) => unknown): void => {
        const [wanted, got] = both.map((f) => [one(f)].flat() as number[]);
        expect(got).toEqual(wanted!.map((x) => expect.closeTo(x, 12) as number));
      };
      close((f) => jit(f)(0.7, 1.3).item());
      close((f) => grad(f, { argnums: [0, 1] })(0.7, 1.3));
      close((f) => jvp(f, [0.7, 1.3], [0.2, -0.4]).tangent.item());
      close((f) => grad((x: Scalar, y: Scalar) => grad(f)(x, y), { argnums: [0, 1] })(0.7, 1.3));
      close((f) => jvp((x: Scalar) => grad(f)(x, 1.3), [0.7], [1]).tangent.item());
      close((f) => grad((x: Scalar) => scalar(jvp((u: Scalar) => f(u, x), [x], [x]).tangent))(0.7));
      close((f) => [
        ...vmap((x: Scalar) => grad(f)(x, scalar(mul(x, 2))))(Float64Array.of(0.3, 0.7)),
      ]);
      close((f) => [...vmap(f, { inAxes: [0, null] })(Float64Array.of(0.3, 0.7), 1.3)]);
      close((f) =>
        grad(
          (x: Scalar, y: Scalar) =>
            scalar(
              apply(
                "reduceSum",
                [
                  vmap(f, { inAxes: [null, 0] })(
                    x,
                    tensorOf({ dtype: "float64", shape: [2], data: Float64Array.of(1, 2) }).mul(y),
                  ),
                ],
                { axes: [0] },
              )[0]!,
            ),
          { argnums: [0, 1] },
        )(0.7, 1.3),
      );
    },
  );
});

test("a rule is not run before a derivative is asked for, and once for all turns of a loop", () => {
  Object.assign(runs, { jvp: 0, forward: 0, backward: 0 });
  const f = customVjp(square, {
    forward: (x, y) => {
      runs.forward++;
      return { value: square(x, y), residuals: [x, y] as const };
    },
    backward: ([x, y], g) => {
      runs.backward++;
      return [scalar(mul(g, mul(mul(x, y), 2))), null];
    },
  });
  jit(f)(1, 2);
  vmap(f)(Float64Array.of(1, 2), Float64Array.of(1, 2));
  expect(runs).toEqual({ jvp: 0, forward: 0, backward: 0 });
  const many = grad(
    (x: Scalar, y: Scalar) =>
      scan((u: Scalar, _row: null) => ({ carry: f(u, y), row: null }), x, null, { length: 3 })
        .carry,
  );
  expect(many(1.1, 0.5)).toBeCloseTo(8 * 1.1 ** 7 * 0.5 ** 7, 12);
  many(1.2, 0.5);
  expect(runs).toEqual({ jvp: 0, forward: 1, backward: 1 });
});

test("the value of the function itself and that of its rule are not both computed", () => {
  const f = customVjp((x: Scalar) => scalar(add(x, 1)), {
    forward: (x) => ({ value: scalar(add(x, 100)), residuals: null }),
    backward: (_, g) => [g],
  });
  expect(f(1).item()).toBe(2);
  expect(vjp((x: Scalar) => scalar(mul(f(x), 1)), 1).value.item()).toBe(2);
  // As the value that a derivative goes with, that of the rule is taken.
  const { value, tangent } = jvp((x: Scalar) => f(x), [1], [3]);
  expect([value.item(), tangent.item()]).toEqual([101, 3]);
});

test("customJvp keeps a derivative from overflowing, and customVjp clips one", () => {
  const softplus = customJvp(
    (x: Scalar) => scalar(log(add(1, exp(x)))),
    ([x], [dx]) => ({
      value: scalar(log(add(1, exp(x)))),
      tangent: scalar(mul(dx, div(1, add(1, exp(sub(0, x)))))),
    }),
  );
  expect(grad((x: Scalar) => softplus(x))(1000)).toBe(1);
  const clipped = customVjp((x: Scalar) => x, {
    forward: (x) => ({ value: x, residuals: null }),
    backward: (_, g) => [scalar(maximum(minimum(g, 1), -1))],
  });
  expect(grad((x: Scalar) => scalar(mul(clipped(x), 5)))(3)).toBe(1);
  expect(grad((x: Scalar) => scalar(mul(clipped(x), 0.5)))(3)).toBe(0.5);
});

test("trees and arguments that are no floats pass through a rule", () => {
  const f = customVjp(({ a, n }: { a: Tensor; n: Tensor }) => ({ twice: mul(a, 2), n }), {
    forward: (arg) => ({
      value: { twice: mul(arg.a, 2), n: arg.n },
      residuals: { kind: "x", n: arg.n },
    }),
    backward: ({ kind, n }, { twice }) => [{ a: mul(twice, kind === "x" ? 3 : 0), n }],
  });
  const gradient = grad((a: Tensor) => {
    const { twice } = f({
      a,
      n: tensorOf({ dtype: "int32", shape: [2], data: Int32Array.of(1, 2) }),
    });
    return apply("reduceSum", [twice], { axes: [0] })[0]!;
  })(Float64Array.of(1, 2));
  expect([...gradient]).toEqual([3, 3]);
});

test("a fixed number is a number in a rule", () => {
  const power = (x: Scalar, n: number): Scalar => scalar(integerPow(x, n));
  const byRule = customJvp(power, ([x, n], [dx]) => ({
    value: power(x, n),
    tangent: scalar(mul(mul(dx, n), power(x, n - 1))),
  }));
  expect(grad((x: Scalar) => byRule(x, fixed(3)))(2)).toBe(12);
  const back = customVjp(power, {
    forward: (x, n) => ({ value: power(x, n), residuals: mul(n, power(x, n - 1)) }),
    backward: (slope, g) => [scalar(mul(g, slope)), null],
  });
  expect(grad((x: Scalar) => back(x, fixed(3)))(2)).toBe(12);
});

const fromOutside = (x: Scalar, y: Scalar): Scalar => {
  function scaled(u: Scalar): Scalar {
    return scalar(mul(u, y));
  }
  const f = customJvp(scaled, ([u], [du]) => ({ value: u, tangent: du }));
  const g = customVjp(scaled, {
    forward: (u) => ({ value: scalar(mul(u, y)), residuals: y }),
    backward: (k, ct) => [scalar(mul(ct, k))],
  });
  return scalar(add(f(x), g(x)));
};
const usesOutside = (rule: "jvp" | "forward" | "backward") => (x: Scalar, y: Scalar) => {
  if (rule === "jvp") {
    return customJvp(
      (u: Scalar) => u,
      ([u], [du]) => ({ value: u, tangent: scalar(mul(du, y)) }),
    )(x);
  }
  return customVjp((u: Scalar) => u, {
    forward: (u) => ({ value: scalar(mul(u, rule === "forward" ? y : 1)), residuals: u }),
    backward: (_, g) => [scalar(mul(g, rule === "backward" ? y : 1))],
  })(x);
};

describe("mistakes", () => {
  test("differentiating a value from outside is an error that says which and where it has to go", () => {
    expect(jit(fromOutside)(2, 3).item()).toBe(12);
    expect(() => grad(fromOutside, { argnums: 1 })(2, 3)).toThrow(
      "customJvp(scaled): a float64 from outside is being differentiated, but the rule has derivatives for arguments " +
        "only; pass that value to customJvp(scaled) as an argument, and give the rule a derivative for it",
    );
    expect(() => jvp(fromOutside, [2, 3], [0, 1])).toThrow(
      /^customJvp\(scaled\): a float64 from outside/,
    );
  });

  test("a rule that uses values from outside is refused", () => {
    for (const rule of ["jvp", "forward", "backward"] as const) {
      expect(() => grad(usesOutside(rule))(2, 3)).toThrow(
        /^custom(Jvp|Vjp): (rule|forward|backward) uses a (value|float64) from outside; a rule sees only what it is given, so pass/,
      );
    }
  });

  test.each<readonly [string, (x: Scalar) => unknown, RegExp]>([
    [
      "a rule without a tangent",
      (x) => customJvp((u: Scalar) => u, (([u]: [Scalar]) => ({ value: u })) as never)(x),
      /^customJvp: the rule has to return \{ value, tangent \}$/,
    ],
    [
      "a forward that returns the value alone",
      (x) =>
        customVjp((u: Scalar) => u, { forward: (u: Scalar) => u as never, backward: () => [null] })(
          x,
        ),
      /^customVjp: forward: the rule has to return \{ value, residuals \}$/,
    ],
    [
      "a value of another shape",
      (x) =>
        customJvp(
          (u: Scalar) => u,
          ([u], [du]) => ({
            value: u,
            tangent: apply("broadcast", [du], { shape: [2], axes: [] })[0] as never,
          }),
        )(x),
      /^customJvp: tangent: expected float64, got float64\[2\]$/,
    ],
    [
      "a value of another structure",
      (x) =>
        customJvp(
          (u: Scalar) => u,
          ([u], [du]) => ({ value: { u } as never, tangent: du }),
        )(x),
      /^customJvp: value: expected .*, got /,
    ],
    [
      "a backward with too few cotangents",
      (x) =>
        customVjp((u: Scalar, v: Scalar) => scalar(add(u, v)), {
          forward: (u, v) => ({ value: scalar(add(u, v)), residuals: null }),
          backward: (_, g) => [g] as never,
        })(x, x),
      /^customVjp: backward has to return a list with the cotangents of 2 arguments, null for zero$/,
    ],
    [
      "a cotangent of another shape",
      (x) =>
        customVjp((u: Scalar) => u, {
          forward: (u) => ({ value: u, residuals: null }),
          backward: (_, g) => [apply("broadcast", [g], { shape: [3], axes: [] })[0] as never],
        })(x),
      /^customVjp: cotangents\[0\]: expected float64, got float64\[3\]$/,
    ],
  ])("%s", (_, f, message) => {
    expect(() => grad(f as (x: Scalar) => Tensor)(2)).toThrow(message);
  });
});
