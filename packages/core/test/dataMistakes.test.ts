// What stands in args, params and y0 and is no data: errors name it as the user does.
import {
  diffeqsolve,
  fixed,
  grad,
  integrator,
  jit,
  ODETerm,
  type Scalar,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };
const decay = (_t: number, y: number): number => -y;
const solve = (more: object, field: unknown = decay) =>
  solveParts(field, Tsit5(), { ...options, ...more });

class Spring {
  k = 1;
}

const containers: [string, unknown][] = [
  ["Map", new Map([["k", 1]])],
  ["Set", new Set([1])],
  ["Date", new Date(0)],
  ["Spring", new Spring()],
  ["Promise", Promise.resolve(1)],
  ["RegExp", /x/u],
  ["DataView", new DataView(new ArrayBuffer(8))],
  ["Number", Object(1)],
];

describe.each(containers)("an instance of %s is told by where the user put it:", (name, value) => {
  const why = `an instance of ${name} is neither a leaf nor a container`;

  test("in args, at top level and inside of grad and jit", () => {
    expect(() => solve({ args: value })).toThrow(`diffeqsolve: args: ${why}`);
    expect(() => solve({ args: { a: [1, { k: value }] } })).toThrow(
      `diffeqsolve: args.a[1].k: ${why}`,
    );
    const end = (rate: Scalar) => solve({ args: { rate, k: value } }).ys.at(0);
    for (const call of [() => grad(end)(1), () => jit(end)(1)])
      expect(call).toThrow(`diffeqsolve: args.k: ${why}`);
  });

  test("in y0 and in the params of a term", () => {
    expect(() => solve({ y0: { k: value } })).toThrow(`diffeqsolve: y0.k: ${why}`);
    const term = ODETerm(
      traced((_t: Scalar, y: Scalar) => y),
      { k: value } as object,
    );
    expect(() => solve({}, term)).toThrow(`diffeqsolve: terms.params.k: ${why}`);
  });

  test("in args of an integrator", () => {
    const { args, ...rest } = { ...options, args: { k: value } };
    expect(() => integrator(decay, Tsit5(), { ...rest, args: args as never })).toThrow(
      `args.k: ${why}`,
    );
  });

  test("in an argument of grad, jit and vmap", () => {
    for (const [kind, transform] of Object.entries({ grad, jit, vmap }))
      expect(() => (transform as (f: unknown) => (x: unknown) => unknown)(decay)([value])).toThrow(
        `${kind}: arguments[0][0]: ${why}`,
      );
  });
});

test("an array whose numbers no dtype holds is told by where it is", () => {
  const bytes = Uint8Array.of(1, 2);
  expect(() => solve({ args: { mask: bytes } })).toThrow(
    "diffeqsolve: args.mask: a Uint8Array has no dtype here",
  );
  expect(() => solve({ y0: { x: 1, mask: bytes } })).toThrow(
    "diffeqsolve: y0.mask: a Uint8Array has no dtype here",
  );
  expect(() => jit((_x: Scalar, m: unknown) => m)(1, [bytes] as never)).toThrow(
    "jit: arguments[1][0]: a Uint8Array has no dtype here",
  );
});

test("an array whose memory is gone is told by where it is, also where others were solved before", () => {
  const k = Float64Array.of(1, 2);
  const run = (args: object) =>
    solve({ args }, (_t: number, y: number, { k: [a] }: { k: readonly [number] }) => -a * y);
  run({ k: k.slice() });
  structuredClone(k, { transfer: [k.buffer] });
  expect(() => run({ k })).toThrow("diffeqsolve: args.k: this Float64Array is detached");
});

describe("what is no number is an error where a plain function computes with it:", () => {
  const uses = (_t: number, y: number, { k }: { k: number }): number => -k * y;
  test.each<[string, unknown, string]>([
    ["a text", "2 m", 'this is "2 m"'],
    ["a function", () => 1, "this is a function"],
    ["a symbol", Symbol("k"), "this is Symbol(k)"],
    ["a bigint", 3n, "this is -3n"],
    ["an object", { a: 1 }, "this is an object with the keys a"],
    ["a pair", [1, 2], "this is an array of 2"],
    ["undefined", undefined, "this is undefined"],
  ])("%s", (_, k, what) => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    expect(() => solve({ args: { k } }, uses)).toThrow(`a number was expected, and ${what}`);
    expect(warn).not.toHaveBeenCalled();
  });

  test("but a text of a number, a truth value and null count as JavaScript has it", () => {
    for (const k of ["2", true, null]) {
      const found = solve({ args: { k } }, uses).ys.at(0).item();
      expect(found).toBeCloseTo(Math.exp(-Number(k)), 6);
    }
  });

  test("and what is not looked at is no mistake", () => {
    for (const k of ["2 m", () => 1, Symbol("k"), 3n, undefined, null, true, NaN])
      expect(solve({ args: { k } }).ys.at(0).item()).toBeCloseTo(Math.exp(-1), 6);
  });
});

test("a solution that is no number says which argument is none", () => {
  const field = (_t: number, y: number, { k }: { k: readonly [number, number] }): number =>
    k[0] * y + k[1];
  expect(() => solve({ args: { k: [1, NaN] } }, field)).toThrow("1 steps. args.k[1] is NaN. With");
  expect(() => solve({ args: { k: Float64Array.of(1, Infinity) } }, field)).toThrow(
    "1 steps. args.k holds Infinity. With",
  );
  expect(() => solve({ args: { k: [1, fixed(NaN)] } }, field)).toThrow(
    "1 steps. With throw: false",
  );
});

/** A tree with the way to the one thing in it that is no data. */
const misplaced: fc.Arbitrary<{ tree: unknown; path: string }> = fc.letrec<{
  tree: { tree: unknown; path: string };
}>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant({ tree: new Map(), path: "" }),
    fc.tuple(fc.stringMatching(/^[a-z]{1,4}$/u), tie("tree")).map(([key, inner]) => ({
      tree: { [key]: inner.tree, z9: 1 },
      path: `.${key}${inner.path}`,
    })),
    fc.tuple(fc.nat(3), tie("tree")).map(([n, inner]) => ({
      tree: [...Array(n).fill(0), inner.tree],
      path: `[${n}]${inner.path}`,
    })),
  ),
})).tree;

test("the way to what is no data is written as in JavaScript, however deep it is", () => {
  fc.assert(
    fc.property(misplaced, ({ tree, path }) => {
      const call = () => solve({ args: tree });
      expect(call).toThrow(`diffeqsolve: args${path}: an instance of Map`);
    }),
    { numRuns: 50, seed: 11 },
  );
});

test("an option of another name, or of another library, is told what to write", () => {
  expect(() => solve({ saveAt: {} })).toThrow("madeJump; did you mean saveat?");
  expect(() => solve({ stepSizeController: null })).toThrow("did you mean stepsizeController?");
  expect(() => solve({ rtol: 1e-6 })).toThrow(
    "madeJump; write stepsizeController: PIDController({ rtol, atol })",
  );
  expect(() => solve({ ts: [0, 1] })).toThrow("madeJump; write saveat: { ts }");
  expect(() => diffeqsolve(decay, options as never, undefined as never)).toThrow(
    "got undefined; write diffeqsolve(terms, solver, { t0, t1, dt0, y0 }), with a solver",
  );
});
