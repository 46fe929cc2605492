/* oxlint-disable unicorn/no-useless-spread, unicorn/no-array-for-each, unicorn/no-new-array, eslint/no-sparse-arrays,
   typescript/no-for-in-array, typescript/no-unnecessary-condition, eslint/eqeqeq, eslint/no-array-constructor -- what people write */
// Natives, typed arrays, keys, and what an object has from its prototype.
import { type Case, exact, field, vectorField } from "./Case.ts";

export const natives: Readonly<Record<string, Case>> = {
  "typed arrays hold numbers alone, so many, and share them with windows": exact(
    (x: number, y: number) => {
      const a = new Float64Array(4);
      a[0] = x;
      a[1] = (y > 0) as never;
      a[4] = 7;
      const b = a.subarray(1, 3);
      b[1] = y;
      b.fill(x + 1, 0, 1);
      const c = Float64Array.from([x, undefined as never, null as never, "2" as never]);
      c.copyWithin(0, 2);
      return [
        ...a,
        a.length,
        ...b,
        ...c,
        a[4] === undefined ? 1 : 0,
        Array.isArray(a) ? 1 : 0,
        typeof a[1] === "number" ? 1 : 0,
        ...a.map((v) => (v > 0) as never),
        a.slice(1).length,
        a.slice(-1)[0]!,
        a.toReversed()[0]!,
        a.with(1, y)[1]!,
        a.byteLength,
        a.BYTES_PER_ELEMENT,
      ];
    },
  ),
  "Float32Array rounds": exact((x: number, y: number) => {
    const a = Float32Array.of(x, 0.1);
    a[1]! += y;
    return [...a, ...new Float32Array([y, 0.1])];
  }),
  "arrays of whole numbers cut what is known": exact((x: number) => {
    const a = Int32Array.of(2.7, -1.5);
    const b = new Uint8ClampedArray([300, -3]);
    return [[x, 1, 2][a[0]!]!, ...a, ...b];
  }),
  "a vector of the state is a Float64Array, and its elements are numbers": exact(
    (t: number, y: Float64Array) => {
      const z = y.map((v) => (v > t) as never);
      z[0]! += y[1]!;
      const w = y.slice(1, 3);
      w.set([t], 1);
      return [
        ...z,
        ...w,
        y.subarray(2)[0]!,
        y.constructor === Float64Array ? 1 : 0,
        y["01" as never] === undefined ? 1 : 0,
        y["1" as never],
        (y as unknown as number[]).concat === undefined ? 1 : 0,
        typeof y.map === "function" ? 1 : 0,
        y.filter(() => true).length,
        "2" in y ? 1 : 0,
        "length" in y ? 1 : 0,
        [[t], y].flat().length,
      ];
    },
    vectorField,
  ),
  "what objects have from their prototypes": exact(
    (
      t: number,
      y: readonly number[],
      p: { a: number; toString(): string; hasOwnProperty(key: string): boolean },
    ) => [
      typeof y.map === "function" ? y[0]! : -1,
      (y.slice ? y.slice(1)[0] : y[0])!,
      y.constructor === Array ? 1 : 2,
      typeof p.toString === "function" ? p.a : 0,
      p.hasOwnProperty("a") ? 1 : 0,
      p.hasOwnProperty("toString") ? 1 : 0,
      "toString" in p ? 1 : 0,
      (t as never as number[]).map ? 1 : 0,
      typeof t.toFixed === "function" ? 1 : 0,
      t.constructor === Number ? 1 : 0,
      (y as never as { mul?: () => number }).mul?.() ?? t,
    ],
    field,
  ),
  "holes are passed over": exact((x: number, y: number) => {
    const a = new Array<number>(3);
    a[1] = x;
    let seen = 0;
    a.forEach((v) => (seen += v));
    for (const i in a) seen += Number(i);
    if (y > 0) a[1] = y;
    const b = a.map((v) => v * 2);
    const c: (number | undefined)[] = [, x];
    c[4] = y;
    return [
      seen,
      Object.keys(a).length,
      0 in a ? 1 : 0,
      1 in b ? 1 : 0,
      a.reduce((s, v) => s + v),
      [...a].length,
      [, 1].indexOf(undefined),
      b[1]!,
      c.length,
      Object.keys(c).length,
      a.every((v) => v === a[1]) ? 1 : 0,
      a.findIndex((v) => v === undefined),
      [, 1].includes(undefined) ? 1 : 0,
      [, 1, ,].join("-").length,
    ];
  }),
  "texts and numbers": exact((x: number, y: number) => [
    x == ("1" as never) ? 10 : 20,
    y > 0 == ("1" as never) ? 1 : 0,
    (2 as never) == "2" ? 1 : 0,
    (true as never) == "1" ? 1 : 0,
    ("x" + [1, [2, 3], null, undefined]).length,
    `${[1, 2]}`.length,
    [1, 2].join().length,
    ({ "1,2": x } as never)[[1, 2] as never],
    Object.fromEntries([[1, y]])[1]!,
    Object.hasOwn([x], "length") ? 1 : 0,
    Object.hasOwn([x], 0) ? 1 : 0,
    Object.values({ ...("ab" as never as object) }).length,
    Number(undefined),
    Number(),
    Number(null),
    isNaN(undefined as never) ? 1 : 0,
    -("3" as never),
    (null as never) + x,
  ]),
  "iterators see what changes": exact((x: number, y: number) => {
    const a = [x, y, 1];
    let sum = 0;
    for (const [i, v] of a.entries()) {
      sum += v * i;
      if (i === 0) a[1] = x;
      if (i === 1) a.length = 2;
    }
    for (const i of a.keys()) if (i < 3) a.push(i);
    return [sum, ...a.values()];
  }),
  "the name of a function expression": exact((x: number, y: number) => {
    const g = function f(n: number): number {
      return n > 0 && f === g ? f(n - 1) + x : y;
    };
    return g(2);
  }),
};
