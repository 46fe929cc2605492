// A turn of a loop may iterate for something whose derivative does not go through the iteration. On the way back it is remembered.
import { assert, customJvp, grad, jit, jvp, scan, vmap, whileLoop } from "@diffrax-ts/autodiff";
import {
  abs,
  add,
  arrayType,
  cos,
  div,
  type DerivedParams,
  greater,
  innerPrograms,
  isEquation,
  less,
  mul,
  type Program,
  sin,
  sub,
  traceProgram,
} from "@diffrax-ts/program";
import type { Scalar } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const half = (x: Scalar): Scalar => mul(0.5, x) as Scalar;

/** `y` with `y + ½ sin y = x`, by Newton's method; its derivative is `1 / (1 + ½ cos y)`. */
const root: (x: Scalar) => Scalar = customJvp(
  (x: Scalar) =>
    whileLoop(
      ({ change }: { readonly y: Scalar; readonly change: Scalar }) => greater(abs(change), 1e-15),
      ({ y }) => {
        const change = div(sub(add(y, half(sin(y))), x), add(1, half(cos(y)))) as Scalar;
        return { y: sub(y, change) as Scalar, change };
      },
      { y: x, change: add(mul(x, 0), 1) as Scalar },
    ).y,
  ([x], [dx]) => {
    const y = root(x);
    return { value: y, tangent: div(dx, add(1, half(cos(y)))) as Scalar };
  },
);

const turns = (x: Scalar): Scalar =>
  scan((y: Scalar) => ({ carry: root(add(y, mul(y, y)) as Scalar), row: null }), x, null, {
    length: 5,
  }).carry;

/** The program of the way back through the turns. */
function wayBack(f: (x: Scalar) => Scalar): Program {
  const { program } = traceProgram([arrayType("float64", [])], (x) => [
    grad(f as never)(x as never),
  ]);
  return derivedIn(program)
    .find(({ name }) => name === "loopVjp")!
    .pair!.second();
}

function derivedIn({ equations }: Program): DerivedParams[] {
  return equations.flatMap((equation) =>
    isEquation(equation, "derived")
      ? [equation.params]
      : innerPrograms(equation).flatMap((inner) => derivedIn(inner)),
  );
}

function count(program: Program, primitive: string): number {
  return program.equations.reduce((sum, equation) => {
    const own = equation.primitive === primitive ? 1 : 0;
    return innerPrograms(equation).reduce((n, inner) => n + count(inner, primitive), sum + own);
  }, 0);
}

describe("what each turn iterates for", () => {
  test("is remembered: the way back is a loop without another in it", () => {
    const program = wayBack(turns);
    expect(count(program, "loop")).toBe(1);
    expect(count(program, "derived")).toBe(0);
  });

  test("has the derivatives of its rule, of every order and in every order of modes", () => {
    const value = (x: number): number => jit(turns)(x).item();
    const slope = (x: number): number => grad(turns)(x);
    const [x, h] = [0.3, 1e-5];
    const forwards = (f: (x: Scalar) => unknown): number =>
      jvp(f as (x: Scalar) => Scalar, [x], [1]).tangent.item();
    // Differences of second order with h = 1e-5 are right to ten digits, less what f''' ~ 100 and f'''' ~ 2000 say.
    expect(slope(x)).toBeCloseTo((value(x + h) - value(x - h)) / (2 * h), 7);
    expect(forwards(turns)).toBeCloseTo(slope(x), 13);
    const second = (slope(x + h) - slope(x - h)) / (2 * h);
    expect(grad(grad(turns) as never)(x as never)).toBeCloseTo(second, 6);
    expect(forwards(grad(turns) as never)).toBeCloseTo(second, 6);
  });

  test("is remembered for each element of a batch", () => {
    const xs = Float64Array.of(0.1, 0.2, 0.3);
    expect([...vmap(grad(turns))(xs)]).toEqual([...xs].map((x) => grad(turns)(x)));
  });

  test.each([1, 2, 4, 5])(
    "is made again where only %d of 5 turns are remembered",
    (checkpoints) => {
      const few = (x: Scalar): Scalar =>
        scan((y: Scalar) => ({ carry: root(add(y, mul(y, y)) as Scalar), row: null }), x, null, {
          length: 5,
          checkpoints,
        }).carry;
      expect(grad(few)(0.3)).toBe(grad(turns)(0.3));
      expect(grad(grad(few) as never)(0.3 as never)).toBe(grad(grad(turns) as never)(0.3 as never));
    },
  );

  test("is made again in a loop of which the number of turns is not known", () => {
    const long = (x: Scalar): Scalar =>
      whileLoop(
        ({ i }: { readonly i: Scalar; readonly y: Scalar }) => less(i, 5),
        ({ i, y }) => ({ i: add(i, 1) as Scalar, y: root(add(y, mul(y, y)) as Scalar) }),
        { i: mul(x, 0) as Scalar, y: x },
      ).y;
    expect(grad(long)(0.3)).toBe(grad(turns)(0.3));
  });

  test("and is asserted to be, holds on the way forward", () => {
    const asserted = (x: Scalar): Scalar =>
      scan(
        (y: Scalar) => {
          const next = root(add(y, mul(y, y)) as Scalar);
          assert(less(next, 0.35), "the root is too large");
          return { carry: next, row: null };
        },
        x,
        null,
        { length: 5 },
      ).carry;
    expect(() => grad(asserted)(0.4)).toThrow("the root is too large");
    expect(grad(asserted)(0.1)).toBe(grad(turns)(0.1));
  });
});
