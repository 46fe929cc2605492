/* oxlint-disable typescript/no-extraneous-class, eslint/no-extra-bind, jsdoc/require-yields, typescript/unbound-method,
   typescript/require-array-sort-compare -- mistakes on purpose */
import { jit } from "@diffrax-ts/autodiff";
import type { Callable, Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";
import { plain } from "../src/index.ts";

const k = 3;

/** What cannot be read, and the error with its place. Most are read with one traced number. */
const mistakes: readonly (readonly [what: string, f: Callable, message: RegExp])[] = [
  [
    "a free variable",
    (x: number) => x * k,
    /^plain: "k" comes from outside .*\(line 1, column 12: `k`\); pass it through args, or list it: plain\(f, \{ k \}\)/,
  ],
  [
    "a free variable in the third line",
    (x: number) => {
      const y = 2 * x;
      return y + Math.sin(k);
    },
    /"k" comes from outside .*\(line 3, column 24: `k`\)/,
  ],
  [
    "a free variable in a method",
    {
      f(x: number) {
        return x * k;
      },
    }.f,
    /^plain\(f\): "k" .*\(line \d, column \d+: `k`\)/,
  ],
  ["Date", (x: number) => x + Date.now(), /"Date" is not read .*compute what it gives/],
  [
    "this",
    function (this: { a: number }, x: number) {
      return this.a * x;
    },
    /`this` has no value here \(line \d, column \d+: `this`\); pass what it holds through args/,
  ],
  [
    "try",
    (x: number) => {
      try {
        return x;
      } catch {
        return 0;
      }
    },
    /try and catch are not read \(line 1, column 9|line 2, column \d+/,
  ],
  [
    "a regular expression",
    (x: number) => (/a/.test("a") ? x : 0),
    /regular expressions are not read \(line 1, column \d+: `\/a\/`\)/,
  ],
  [
    "a bigint",
    (x: number) => x + Number(1n),
    /a bigint is not a number .*`1n`\); write it without n/,
  ],
  ["a class", class A {} as unknown as Callable, /^plain\(A\): a class cannot be read/],
  [
    "a bound function",
    ((x: number) => x).bind(null),
    /no source \(it is bound, a Proxy, or built in\); write it as an arrow function/,
  ],
  ["a function of JavaScript itself", Math.sin, /^plain\(sin\): the function has no source/],
  [
    "an async function",
    async (x: number) => x,
    /an async function is not read \(line 1, column 1:/,
  ],
  [
    "a generator",
    function* (x: number) {
      yield x;
    },
    /generators are not read \(line 1, column 1:/,
  ],
  // oxlint-disable-next-line prefer-rest-params -- what is tested
  [
    "arguments",
    function () {
      return arguments[0] as number;
    },
    /`arguments` is not read .*write a rest parameter/,
  ],
  [
    "throw on a traced condition",
    (x: number) => {
      if (x < 0) throw new Error(`negative: ${x}`);
      return x;
    },
    /whether this is thrown depends on a traced value \(line \d, column \d+: `throw new Error.*return NaN instead/,
  ],
  [
    "bits of a traced number",
    (x: number) => x | 0,
    /bits of a traced number cannot be reached \(line 1, column 8: `x \| 0`\); use Math.trunc/,
  ],
  [
    "a bound that is traced",
    (x: number) => {
      let s = 0;
      for (let i = 0; i < x; i++) s += 1;
      return s;
    },
    /the number of turns of this loop depends on a traced value \(line \d, column \d+: `for .*fixed\(n\) in args/,
  ],
  [
    "an iteration to convergence",
    (x: number) => {
      let s = x;
      while (Math.abs(s * s - x) > 1e-10) s = (s + x / s) / 2;
      return s;
    },
    /the number of turns .*`while /,
  ],
  [
    "a loop of 20 000 turns, which depends on what each appended",
    (x: number) => {
      const d = [x];
      for (let i = 0; i < 20_000; i++) d.push(d[i]! / 2);
      return d[9];
    },
    /more than 10000 turns of loops and elements/,
  ],
  [
    "a recursion that a traced value should end",
    (x: number) => {
      const f = (n: number): number => (n <= 1 ? 1 : n * f(n - 1));
      return f(x);
    },
    /more than \d+ calls within calls .*`f\(n - 1\)`/,
  ],
  [
    "a traced index",
    (x: number) => [1, 2, 3][x],
    /an index depends on a traced value .*`x`\); make it fixed\(n\) .* or write traced\(f\), with x\.at\(i\)/,
  ],
  [
    "an undefined operand",
    (x: number) => {
      const o: { a?: number } = {};
      return x * o.a!;
    },
    /a number was expected, and this is undefined .*`x \* o.a`\); look for a misspelt name/,
  ],
  [
    "a property of undefined",
    (_: number, y: { foo: { bar: number } }) => y.foo.bar,
    /\.foo of undefined .*args that were left out/,
  ],
  [
    "a variable set on one side only",
    (x: number) => {
      let s: number | undefined;
      if (x > 0) s = 1;
      return s! * 2;
    },
    /s is 1 on one side of a condition on a traced value, and undefined on the other .*give it a number on both sides/,
  ],
  [
    "a result set on one side only",
    (x: number) => {
      if (x > 0) return 1;
      return undefined;
    },
    /this value is 1 on one side .*, and undefined on the other/,
  ],
  [
    "an array that grows on one side only",
    (x: number) => {
      const s = [];
      if (x > 0) s.push(1);
      return s.length;
    },
    /other elements depending on a traced value .*`s.push\(1\)`/,
  ],
  [
    "a method of tensors",
    (x: { add(y: number): number }) => x.add(1),
    /\.add of a number: a plain function sees numbers here .*traced\(f\)/,
  ],
  [
    "Math.random",
    (x: number) => x * Math.random(),
    /Math.random\(\) is another number at each call/,
  ],
  ["sort", (x: number) => [x, 1].toSorted()[0], /\.toSorted of an array is not read/],
  [
    "filter by a traced value",
    (x: number) => [x, 1].filter((v) => v > 0).length,
    /what .filter finds depends on a traced value/,
  ],
  [
    "a text with a traced value",
    (x: number) => `${x}`.length,
    /a text cannot hold a traced value .*`x`/,
  ],
  [
    "delete",
    (x: number) => {
      const o: { a?: number } = { a: x };
      delete o.a;
      return x;
    },
    /delete is not read/,
  ],
  [
    "arithmetic on an array",
    (x: number) => ([x] as unknown as number) * 2,
    /a number was expected, and this is an array .*take one of its elements/,
  ],
  [
    "a call of a number",
    (x: unknown) => (x as (y: number) => number)(2),
    /a function was expected/,
  ],
  [
    "switch on a traced value",
    (x: number) => {
      switch (x) {
        case 1:
          return 2;
        default:
          return 3;
      }
    },
    /the case depends on a traced value .*write if and else/,
  ],
  [
    "a number that may be a truth value, compared with one",
    (x: number) => {
      const c = x > 0 ? x : false;
      return c === false ? 1 : 2;
    },
    /a number on one side of a condition and a truth value on the other/,
  ],
];

test.each(mistakes)("plain(f) refuses %s", (_, f, message) => {
  expect(() => jit(plain(f) as unknown as (x: Scalar) => unknown)(2)).toThrow(message);
});

test("a change of an argument is refused", () => {
  const f = plain((y: number[]) => {
    y[0] = 1;
    return y;
  });
  expect(() => jit(f)([2, 3])).toThrow(
    /an array or object that came from outside cannot be changed .*`y\[0\]`\); copy it first/,
  );
});

test("an array of the state is no number", () => {
  const f = plain((y: Float64Array) => (y as unknown as number) * 2);
  expect(() => jit(f)(Float64Array.of(1, 2))).toThrow(
    /a number was expected, and this is an array of 2 .*take an element, x\[i\]/,
  );
});

test("what a function throws on a condition that is known is thrown as it is", () => {
  const f = plain((x: number, n: number[]) => {
    if (n.length > 1) throw new RangeError(`too many: ${n.length}, ${x}`);
    return x;
  });
  expect(() => jit(f)(1, [2, 3])).toThrow(new RangeError("too many: 2, traced float64"));
});

test.each<[string, (y: readonly number[]) => unknown]>([
  ["asked", (y) => y.every((v) => v > 0)],
  ["taken apart", ([a, ...rest]) => [a, ...rest]],
])("a long vector of the state is not %s, because each element would be written out", (_, f) => {
  expect(() =>
    jit(plain(f) as unknown as (y: Tensor) => unknown)(new Float64Array(20_000)),
  ).toThrow("more than 10000 turns of loops and elements, which are all written out");
});
