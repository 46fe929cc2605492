import {
  checkpoint,
  cond,
  customJvp,
  customVjp,
  grad,
  hessian,
  jacfwd,
  jacrev,
  jit,
  jvp,
  noinline,
  scan,
  vjp,
  vmap,
  whileLoop,
} from "@diffrax-ts/autodiff";
import { add, greater, less, reshape, round, sin } from "@diffrax-ts/program";
import type { Scalar } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Draw } from "./support/Draw.ts";
import { evaluate, variable } from "./support/Expression.ts";
import { sum } from "./support/randomFunction.ts";
import { type Both, derivative, randomRules } from "./support/randomRules.ts";

const thoroughness = Number(process.env["THOROUGHNESS"] ?? 1);

/** The number that the tensors give, and the one that the expression gives. */
function compare({ text, tensors, symbols }: Both): void {
  const [x, y] = [variable(), variable()];
  const at = [0.6, 0.9] as const;
  const wanted = evaluate(symbols(x, y), new Map([[x, at[0]] as const, [y, at[1]] as const]));
  const got = jit(tensors)(...at).item();
  expect(
    Math.abs(got - wanted) / Math.max(1, Math.abs(wanted)),
    `${text}: ${got} for ${wanted}`,
  ).toBeLessThan(1e-9);
}

test.each([0, 1, 2, 3])(
  "custom rules anywhere in a program have the derivatives of order %i of the rules themselves",
  (order) => {
    fc.assert(
      fc.property(fc.gen(), (next) => {
        const draw = new Draw(next);
        let both = randomRules(draw, 3);
        for (let i = 0; i < order; i++) both = derivative(both, draw);
        compare(both);
      }),
      { numRuns: Math.ceil(60 * thoroughness), includeErrorInReport: true },
    );
  },
);

type Unary = (x: Scalar) => Scalar;

/** Rounding with slope 1: as jax.custom_jvp and jax.custom_vjp give it, the second derivative of `sin` of it is 0. */
const straightThrough: Readonly<Record<string, Unary>> = {
  customJvp: customJvp(
    (x: Scalar) => round(x),
    ([x], [dx]) => ({ value: round(x), tangent: dx }),
  ),
  customVjp: customVjp((x: Scalar) => round(x), {
    forward: (x) => ({ value: round(x), residuals: null }),
    backward: (_, g) => [g],
  }),
};

const places: Readonly<Record<string, (f: Unary) => Unary>> = {
  bare: (f) => f,
  jit: (f) => jit(f) as Unary,
  noinline: (f) => jit(noinline(f)) as Unary,
  checkpoint: (f) => checkpoint(f) as Unary,
  cond: (f) => (x) => cond(greater(x, 0), f, (y) => y, x),
  scan: (f) => (x) =>
    scan((u: Scalar, _row: null) => ({ carry: f(u), row: null }), x, null, { length: 1 }).carry,
  rows: (f) => (x) =>
    sum(scan((u: Scalar, _row: null) => ({ carry: u, row: f(u) }), x, null, { length: 1 }).rows),
  whileLoop: (f) => (x) =>
    whileLoop(
      ({ n }) => less(n, 1),
      ({ u, n }) => ({ u: f(u), n: add(n, 1) as Scalar }),
      { u: x, n: 0 },
    ).u,
  vmap: (f) => (x) => sum(vmap(f)(reshape(x, [1]))),
};
const pairs = Object.keys(places).flatMap((outer) =>
  Object.keys(places).map((inner) => [outer, inner] as const),
);

describe.each(Object.keys(straightThrough))("rounding with slope 1 by %s", (kind) => {
  test.each(pairs)("has slope 1 and no second derivative in %s of %s", (outer, inner) => {
    const f = places[outer]!(places[inner]!(straightThrough[kind]!));
    const g: Unary = (x) => sin(f(x));
    const slope = (x: Scalar): Scalar => grad(g)(x);
    expect(grad(g)(1.8)).toBeCloseTo(Math.cos(2), 14);
    expect(grad(slope)(1.8)).toBeCloseTo(0, 15);
    expect(hessian(g)(1.8)).toBeCloseTo(0, 15);
    expect(jvp(slope, [1.8], [1]).tangent.item()).toBeCloseTo(0, 15);
    expect(grad((x: Scalar) => jvp(g, [x], [1]).tangent)(1.8)).toBeCloseTo(0, 15);
    expect(grad((x: Scalar) => vjp(g, x).vjp(1)[0])(1.8)).toBeCloseTo(0, 15);
    expect(jacfwd(jacrev(g))(1.8).item()).toBeCloseTo(0, 15);
    expect(vjp(g, 1.8).value.item()).toBe(jit(g)(1.8).item());
  });
});
