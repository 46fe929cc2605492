// Functions that are called back: what they do to what they are given harms no other call, and what they return is a number
// or an error, whenever it comes.
import { checkTraces, jit } from "@diffrax-ts/autodiff";
import type { Callable, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { callbackOf, PlainError } from "../src/index.ts";
import { numbersIn } from "./compare.ts";

// Traces are counted here.
beforeEach(() => checkTraces("never"));

type Run = (t: number, y: unknown, args: unknown) => unknown;
const called = (f: Run, kind: "state" | "gradient" | "any" = "state"): Run =>
  jit(callbackOf(f as Callable, kind)) as Run;

type Tree = number | Float64Array | Tree[] | { [key: string]: Tree };

const number = fc.double({ min: -8, max: 8, noNaN: true });
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    number,
    fc.array(number, { minLength: 1, maxLength: 30 }).map((x) => Float64Array.from(x)),
    fc.array(tie("tree"), { minLength: 1, maxLength: 8 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), tie("tree"), {
      minKeys: 1,
      maxKeys: 7,
      noNullPrototype: true,
    }),
  ),
}));
const state = fc.record({ p: tree, q: tree }, { noNullPrototype: true });

/** What a function may do to each array and object that it is given. */
const harms: readonly ((x: Record<string, Tree>) => void)[] = [
  (x) => {
    for (const key of Object.keys(x)) if (typeof x[key] === "number") x[key] *= 2;
  },
  (x) => {
    for (const key of Object.keys(x)) x[key] = 7;
  },
  (x) => {
    if (Array.isArray(x)) (x as Tree[]).length = 0;
    else if (!ArrayBuffer.isView(x)) for (const key of Object.keys(x)) delete x[key];
  },
  (x) => {
    if (Array.isArray(x)) (x as Tree[]).push(1);
    else if (!ArrayBuffer.isView(x)) x["another"] = [1];
  },
  (x) => {
    if (!ArrayBuffer.isView(x)) Object.freeze(x);
  },
];

function harm(x: unknown, how: number): void {
  if (typeof x !== "object" || x === null) return;
  if (!ArrayBuffer.isView(x)) for (const child of Object.values(x)) harm(child, how + 1);
  harms[how % harms.length]!(x as Record<string, Tree>);
}

function scaled(x: Tree, by: number): Tree {
  if (typeof x === "number") return x * by;
  if (x instanceof Float64Array) return x.map((v) => v * by);
  return Array.isArray(x)
    ? x.map((child) => scaled(child, by))
    : Object.fromEntries(Object.entries(x).map(([key, child]) => [key, scaled(child, by)]));
}

test("what a function does to its state and its args harms no other call, nor what it kept of them", () => {
  fc.assert(
    fc.property(state, tree, fc.nat(), (y, args, how) => {
      const kept: (readonly [given: unknown, copy: unknown])[] = [];
      const f = called((t, given, rest) => {
        const result = scaled(given as Tree, numbersIn(rest).length + t);
        if (how % 2 === 0)
          kept.push([given, structuredClone(given)], [rest, structuredClone(rest)]);
        else harm([given, rest], how);
        return result;
      });
      for (const t of [0.5, 2, 2, -1]) {
        const [now, then] = [scaled(y, t), scaled(args, t + 1)];
        const wanted = scaled(now, numbersIn(then).length + t);
        expect(numbersIn(f(t, now, then))).toEqual(numbersIn(wanted));
      }
      for (const [given, copy] of kept) expect(given).toEqual(copy);
    }),
    { numRuns: 40 },
  );
});

test("a call within a call has arguments of its own", () => {
  const depths: number[][] = [];
  const f: Run = called((t, y) => {
    const [x, v] = y as Float64Array;
    if (t > 0) f(t - 1, Float64Array.of(10 * x!, t), null);
    depths.push([...(y as Float64Array)]);
    return [x, v];
  });
  expect(numbersIn(f(3, Float64Array.of(1, 2), null)).map(([, x]) => x)).toEqual([1, 2]);
  expect(depths).toEqual([
    [1000, 1],
    [100, 2],
    [10, 3],
    [1, 2],
  ]);
});

const bad: readonly (readonly [what: string, result: unknown])[] = [
  ["a truth value", true],
  ["a text", "1"],
  ["nothing", undefined],
  ["null", null],
  ["a function", () => 1],
  ["a bigint", 1n],
  ["a promise", Promise.resolve(1)],
  ["a list", [1]],
];

test.each(bad)("%s for a number is an error at the first call, and at a later one", (_, wrong) => {
  for (const late of [0, 3]) {
    for (const [y, right] of [
      [1, 2],
      [
        [1, 2],
        [2, 3],
      ],
      [
        { a: 1, b: [2] },
        { a: 3, b: [4] },
      ],
    ] as const) {
      let calls = 0;
      const f = called(() => {
        const isWrong = calls++ === late;
        if (typeof right === "number") return isWrong ? wrong : right;
        if (Array.isArray(right)) return isWrong ? [2, wrong] : right;
        return isWrong ? { a: 3, b: [wrong] } : right;
      });
      for (let i = 0; i < late; i++) f(0, y, null);
      expect(() => f(0, y, null)).toThrow(/result.*: expected a number, got /);
    }
  }
});

test.each([
  ["in a record of numbers", { a: 1, b: 2 }, { a: 3, b: 4, c: 5 }],
  ["in one within", { a: { b: [1, 2] } }, { a: { b: [3, 4], c: 5 } }],
])("a key that the state has not is an error, %s", (_, y, result) => {
  const f = called(() => result);
  expect(() => f(0, y, null)).toThrow(/result.*: expected an object with .*, got c as well/);
});

test("a list of another length than before is an error", () => {
  let n = 2;
  const f = called((t) => Array.from({ length: n }, () => t), "any");
  expect(numbersIn(f(1, 0, null)).map(([, x]) => x)).toEqual([1, 1]);
  n = 3;
  expect(() => f(1, 0, null)).toThrow(
    /result: expected an array of 2, got an array of 3; it was called once with 0.5 for every number/,
  );
});

test("what returns truth values gives them, and texts that stay the same", () => {
  const f = called(
    (t, y) => ({ late: t > 0.7, high: [(y as number) > 1, y], unit: "m" }),
    "any",
  ) as (t: number, y: number, args: null) => Record<string, unknown>;
  const ofCall = (t: number, y: number): unknown => {
    const { late, high, unit } = f(t, y, null);
    return [late, ...(high as unknown[])].map(Number).concat(unit === "m" ? 1 : 0);
  };
  expect(ofCall(0.5, 2)).toEqual([0, 1, 2, 1]);
  expect(ofCall(0.9, 0)).toEqual([1, 0, 0, 1]);
});

test.each<[string, Run, RegExp]>([
  [
    "a text alone",
    (t) => (t > 0.7 ? "late" : "early"),
    /it returned the text "early"; it has to return numbers/,
  ],
  [
    "a text that changes",
    (t) => [t, t > 0.7 ? "late" : "early"],
    /expected the text "early" .*got the text "late"/,
  ],
  ["an empty list", () => [], /it returned an array of 0; it has to return numbers/],
  [
    "a number for a truth value",
    (t) => (t > 0.7 ? 1 : false),
    /expected a truth value, got a number/,
  ],
  [
    "a truth value for a number",
    (t) => (t > 0.7 ? true : 0),
    /expected a number, got the truth value true/,
  ],
])("a function that returns anything is refused if it returns %s", (_, f, message) => {
  expect(() => called(f, "any")(1, 0, null)).toThrow(message);
});

test("a function that throws when it is tried says that it was tried, and why it was not read", () => {
  const reason = new PlainError("plain: it cannot be read");
  const f = callbackOf((_t: number, _y: number, n: number) => new Array(n).fill(0), "any", reason);
  expect(() => (jit(f) as Run)(0, 1, 2)).toThrow(
    /called with 0.5 for every number, to learn what it returns, it threw "Invalid array length".*cannot be read/,
  );
});

test("methods of tensors on what a function is called with are an error that names traced", () => {
  const f = called((_t, y) => (y as { mul(k: number): unknown }).mul(2));
  expect(() => f(0, Float64Array.of(1), null)).toThrow(/mul is not a function.*traced\(f\)/);
});

test("a gradient returns what its first argument is like, in its dtype", () => {
  const k = 2;
  const f = called((x) => (x as unknown as readonly number[]).map((one) => k * one), "gradient");
  const single = Float32Array.of(1, 2);
  const result = f(single as never, Float64Array.of(1, 2, 3), null) as Tensor;
  expect(result.dtype).toBe("float32");
  expect(result.toArray()).toEqual([2, 4]);
  const record = called((x) => ({ a: (x as unknown as { a: number }).a * k }), "gradient");
  expect((record({ a: 3 } as never, 0, null) as { a: Tensor }).a.item()).toBe(6);
});
