// What a function asserts of one, a batch asserts of all: in the code for the first length, and in that for all others.
import { assert, cond, jit, vmap, whileLoop } from "@diffrax-ts/autodiff";
import { add, greater, less, log, mul } from "@diffrax-ts/program";
import type { Scalar } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";

const grow = (x: Scalar): Scalar =>
  whileLoop(
    (s: Scalar) => less(s, 100),
    (s: Scalar) => add(mul(s, 1.5), 1),
    x,
  );

const numbers = (n: number, f: (i: number) => number = (i) => i): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => f(i));

test.for([1, 2, 3, 7, 1500])("vmap of %i elements asserts of each, and of nothing else", (n) => {
  const end = (x: Scalar): Scalar => {
    const s = grow(x);
    // Of the rows behind the last element, which are zeros, neither holds.
    assert(greater(x, 0.5), "x must be above 0.5");
    assert(greater(s, 99), "the end must be above 99");
    return s;
  };
  const batch = vmap(end);
  const alone = jit(end);
  batch(numbers(5, (i) => i + 1));
  const x = numbers(n, (i) => i + 1);
  expect([...batch(x)]).toEqual(Array.from(x, (one) => alone(one).item()));
  for (const place of new Set([0, n - 1])) {
    const bad = x.slice();
    bad[place] = 0.25;
    expect(() => batch(bad)).toThrow("x must be above 0.5");
  }
});

test("what is asserted in a function that is called, and in a branch, is asserted as well", () => {
  const checked = jit((x: Scalar) => {
    assert(greater(x, 0), "x must be above 0");
    return log(x);
  });
  const end = (x: Scalar): Scalar => {
    const s = add(grow(x), checked(x));
    return cond(
      greater(x, 2),
      (s: Scalar) => {
        assert(less(s, 1000), "s must be below 1000");
        return s;
      },
      (s: Scalar) => mul(s, 2),
      s,
    );
  };
  const batch = vmap(end);
  const alone = jit(end);
  batch(numbers(2, () => 1));
  const x = numbers(9, (i) => i + 1);
  expect([...batch(x)]).toEqual(Array.from(x, (one) => alone(one).item()));
  expect(() => batch(numbers(9, (i) => i))).toThrow("x must be above 0");
  expect(() => batch(numbers(9, (i) => 10 ** i))).toThrow("s must be below 1000");
});
