/* oxlint-disable eslint/eqeqeq, eslint/no-extra-boolean-cast, eslint/no-unused-expressions, eslint/no-constant-condition,
   eslint/no-useless-call, unicorn/no-useless-spread, unicorn/no-array-for-each, typescript/no-unnecessary-type-conversion,
   typescript/no-non-null-asserted-optional-chain, typescript/unbound-method -- what people and minifiers write */
// What is read, construct by construct: functions whose value is known from calling them.
import fc from "fast-check";

export interface Case {
  /** As ordinary JavaScript. `never` for its parameters: a case is called with what `inputs` makes. */
  readonly f: (...args: never) => unknown;
  /** How far from JavaScript's own value it may be, in units in the last place; 0 for exact operations. */
  readonly ulps: number;
  /** Lists of arguments; three numbers unless given. */
  readonly inputs: fc.Arbitrary<readonly unknown[]>;
}

/** Numbers that meet each other, edge cases and any others. */
const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-0, 0.5, -0.5, 1.5, -2.5, 1e300, -1e-300, Infinity, -Infinity, NaN),
  fc.double({ min: -10, max: 10 }),
  fc.double(),
);
const three = fc.tuple(anyNumber, anyNumber, anyNumber);
const vector = (n: number): fc.Arbitrary<Float64Array> =>
  fc.array(anyNumber, { minLength: n, maxLength: n }).map((x) => Float64Array.from(x));
const pair = fc.tuple(anyNumber, anyNumber);
const record = fc.record({ a: anyNumber, b: anyNumber });
/** As a vector field is called. */
const field = fc.tuple(anyNumber, pair, record);
const vectorField = fc.tuple(anyNumber, vector(4), record);

const exact = (f: Case["f"], inputs: Case["inputs"] = three): Case => ({ f, ulps: 0, inputs });
// Our function is within 1 ulp of the true value, JavaScript's is too: `tan` and `hypot` within 2.
const close = (f: Case["f"], ulps = 2, inputs: Case["inputs"] = three): Case => ({
  f,
  ulps,
  inputs,
});

export const cases: Readonly<Record<string, Case>> = {
  "the four operations and the remainder": exact((x: number, y: number, z: number) => [
    x + y * z,
    x - y / z,
    x % y,
    -x,
    +y,
    -(x - y) / 2,
  ]),
  "numbers alone": exact(() => [
    1 / 3,
    0.1 + 0.2,
    7 % 3,
    2 ** 10,
    5 & 6,
    1 << 4,
    ~7,
    7 >>> 1,
    7 >> 1,
    5 | 8,
    5 ^ 1,
    -0,
  ]),
  "comparisons with ?:": exact((x: number, y: number) => [
    x < y ? 1 : 2,
    x <= y ? 1 : 2,
    x > y ? 1 : 2,
    x >= y ? 1 : 2,
    x === y ? 1 : 2,
    x !== y ? 1 : 2,
    x == y ? 1 : 2,
    x != y ? 1 : 2,
  ]),
  "a chain of ?:": exact((x: number, y: number) =>
    x < 0 ? -x : x < y ? y * 2 : x === y ? 7 : x - y,
  ),
  "if and else": exact((x: number, y: number) => {
    let s;
    if (x > y) {
      s = x * 2;
    } else if (x === y) s = 100;
    else s = y / 2;
    return s + 1;
  }),
  "if without else": exact((x: number, y: number) => {
    let s = y;
    if (x > 0) s += x;
    if (y > 0) s -= 1;
    return s;
  }),
  "early returns": exact((x: number, y: number) => {
    if (x < 0) return -1;
    if (x > 2) return y;
    const d = x - y;
    if (d > 0) {
      if (y < 0) return d * 3;
      return d;
    }
    return x * y;
  }),
  "an early return after a write": exact((x: number, y: number) => {
    let s = 1;
    if (x < 0) {
      s = 2;
      if (y < 0) return s * x;
      s = 3;
    }
    s = s + y;
    return s * x;
  }),
  "an early return from a nested block": exact((x: number, y: number) => {
    {
      let k = 2;
      if (x < y) return k * x;
      k = 3;
      x = k + x;
    }
    return x;
  }),
  "&&, ||, ! and ??": exact((x: number, y: number, z: number) => [
    (x > 0 && y > 0) || z > 0 ? 1 : 0,
    !(x > 0) ? 1 : 0,
    !x ? 1 : 0,
    !!x ? 1 : 0,
    (x || y) + 0,
    (x && y) + 0,
    x ?? y,
    x < y && z ? 1 : 2,
    x < 0 && y < 0 && z < 0 ? 1 : x < 0 || y < 0 ? 2 : 3,
  ]),
  "truth values as numbers": exact((x: number, y: number) => [
    (x > 0 ? 1 : 0) + Number(y > 0),
    +(x > y),
    Math.max(Number(x > 0), 0.5),
  ]),
  "logical assignments": exact((x: number, y: number, z: number) => {
    let a = x;
    a ||= y;
    let b = x;
    b &&= y;
    let c: number | undefined;
    c ??= z;
    return [a, b, c];
  }),
  "&& as a statement": exact((x: number, y: number) => {
    let s = 0;
    x > 0 && (s = y);
    x > 1 || (s += 1);
    return s;
  }),
  "let, const, var and reassignment": exact((x: number, y: number) => {
    var a = x;
    let b = y;
    const c = a * b;
    a = c + 1;
    b = a = a * 2;
    var a: number;
    return [a, b, c];
  }),
  "compound assignments": exact((x: number, y: number) => {
    let a = x;
    a += y;
    a -= 0.5;
    a *= y;
    a /= 3;
    a %= 2;
    let b = 3;
    b <<= 2;
    b |= 1;
    b **= 2;
    return [a, b];
  }),
  "++ and --": exact((x: number) => {
    let a = x;
    let i = 0;
    const b = a++ + ++a;
    const c = a-- - --a;
    return [a, b, c, i++, i++, --i];
  }),
  sequences: exact((x: number, y: number) => {
    let a, b;
    return ((a = x + 1), (b = a * y), [a, b, (a++, b)]);
  }),
  "destructured parameters": exact(
    (t: number, [x, v]: readonly [number, number], { a, b }: { a: number; b: number }) => [
      v * t,
      a * x - b * v,
    ],
    field,
  ),
  "destructuring with defaults, renaming and rest": exact(
    (
      t: number,
      [x, ...rest]: readonly number[],
      { a: k = 3, c = k * 2, ...others }: Record<string, number>,
    ) => {
      const [v = 5, w = 7] = rest;
      const { length } = rest;
      const { ["b"]: m, zero: { one = 4 } = {} } = others as never;
      return [x! * k, v, w, c, m, length, one, t];
    },
    field,
  ),
  "swapping by destructuring": exact((x: number, y: number) => {
    let a = x;
    let b = y;
    [a, b] = [b, a];
    const o: Record<string, number> = {};
    [o["p"], o["q"]] = [a, b];
    ({ p: a } = o as { p: number });
    return [a, b, o["q"]];
  }),
  "default parameters": exact((x: number, y: number) => {
    const f = (a: number, b = a * 2, { c = 1 } = {}) => a + b + c;
    return [f(x), f(x, y), f(x, undefined, { c: y })];
  }),
  "array and object literals with spread": exact((x: number, y: number, z: number) => {
    const a = [x, y];
    const b = [...a, z, ...[1, 2]];
    const o = { x, y, ["z" + 1]: z };
    const p = { ...o, y: 2, w: a };
    return [...b, p.x, p.y, (p as unknown as { z1: number }).z1, p.w[1]!, { k: [x], ...p, w: 0 }];
  }),
  "arrays in records in arrays": exact((x: number, y: number) => ({
    a: [{ b: x }, { b: y }],
    c: { d: x + y },
  })),
  "Math of exact functions": exact((x: number, y: number) => [
    Math.abs(x),
    Math.floor(x),
    Math.ceil(x),
    Math.trunc(x),
    Math.round(x),
    Math.sign(x),
    Math.sqrt(x),
    Math.fround(y),
    Math.max(x, y),
    Math.min(x, y),
    Math.max(),
    Math.min(x, y, 1),
    Math.max(x),
  ]),
  "Math constants": exact((x: number) => [
    Math.PI * x,
    Math.E,
    Math.LN2,
    Math.LN10,
    Math.LOG2E,
    Math.LOG10E,
    Math.SQRT2,
    Math.SQRT1_2,
    Number.EPSILON,
    Number.MAX_VALUE,
    1 / 0,
    -Infinity,
    NaN,
  ]),
  "Math of exponentials": close((x: number) => [
    Math.exp(x),
    Math.expm1(x),
    Math.log(x),
    Math.log1p(x),
    Math.log2(x),
    Math.log10(x),
    Math.cbrt(x),
  ]),
  "Math of angles": close((x: number, y: number) => [
    Math.sin(x),
    Math.cos(x),
    Math.asin(x),
    Math.acos(x),
    Math.atan(x),
    Math.atan2(x, y),
  ]),
  "Math.tan": close((x: number) => Math.tan(x), 3),
  "Math of hyperbolic functions": close(
    (x: number) => [
      Math.sinh(x),
      Math.cosh(x),
      Math.tanh(x),
      Math.asinh(x),
      Math.acosh(x),
      Math.atanh(x),
    ],
    4,
  ),
  // Three squares, two sums, a root, a product: seven roundings, of which the root halves five; and JavaScript's.
  "Math.hypot": close(
    (x: number, y: number, z: number) => [Math.hypot(x, y), Math.hypot(x, y, z), Math.hypot()],
    6,
  ),
  "small powers": close(
    (x: number) => [x ** 0, x ** 1, x ** 2, x ** 3, x ** -1, Math.pow(x, 2)],
    2,
  ),
  // By products, of which each doubles what was lost and adds half a unit, and a division.
  "larger powers": close(
    (x: number) => [x ** 4, x ** 7, x ** -2, x ** -8],
    10,
    fc.tuple(fc.double({ min: 1e-30, max: 1e30, noNaN: true })),
  ),
  powers: close(
    (x: number, y: number) => [
      Math.pow(x, y),
      x ** 0.5,
      x ** 2.5,
      2 ** x,
      1 ** y,
      (-1) ** y,
      x ** 30,
    ],
    2,
  ),
  "a square is exact": exact((x: number) => [x ** 2, Math.pow(x, 2), (x * 2) ** 1]),
  "Number and its questions": exact((x: number) => [
    Number(x),
    Number.isNaN(x) ? 1 : 0,
    isNaN(x) ? 1 : 0,
    Number.isFinite(x) ? 1 : 0,
    isFinite(x) ? 1 : 0,
    Number.isInteger(x) ? 1 : 0,
  ]),
  "for with a known bound": exact((x: number, y: number) => {
    let s = 0;
    for (let i = 0; i < 5; i++) s += x * i - y;
    for (let i = 3, j = 0; i > 0; i--, j += 2) s += j;
    return s;
  }),
  "for with break and continue": exact((x: number, y: number) => {
    let s = 0;
    for (let i = 0; i < 6; i++) {
      if (i === 1) continue;
      if (x < i - 3) continue;
      s += y;
      if (s > 3) break;
      s *= 2;
    }
    return s;
  }),
  "for with an early return": exact((x: number, y: number) => {
    for (let i = 0; i < 4; i++) {
      if (x < i) return i * y;
      if (y === i) break;
    }
    return x;
  }),
  "nested loops with labels": exact((x: number, y: number) => {
    let s = 0;
    outer: for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        if (x > i + j) continue outer;
        if (y > i * j + 1) break outer;
        s += i + 2 * j;
      }
      s += 10;
    }
    block: {
      if (s > 12) break block;
      s = -s;
    }
    return s;
  }),
  "while and do": exact((x: number) => {
    let i = 0;
    let s = x;
    while (i < 4) {
      s = s / 2 + i;
      i++;
    }
    do s += 1;
    while (--i > 2);
    while (true) {
      if (s > 0) break;
      s = 1 - s;
      if (i++ > 5) break;
    }
    return [s, i > 2 ? s : 0];
  }),
  "for of and for in": exact((t: number, y: readonly number[], args: Record<string, number>) => {
    let s = t;
    for (const x of y) s += x;
    for (const [i, x] of [...y].entries()) s += i * x;
    for (const key in args) s -= args[key]!;
    for (const { v } of [{ v: 1 }, { v: s }]) s *= v;
    return s;
  }, field),
  "switch on a known value": exact((x: number) => {
    const f = (kind: string) => {
      switch (kind) {
        case "a":
          return x;
        case "b": {
          const y = x * 2;
          if (y > 1) break;
          return y;
        }
        case "c":
        default:
          x += 1;
      }
      return -x;
    };
    return [f("a"), f("b"), f("c"), f("d")];
  }),
  "elements of a vector": exact(
    (t: number, y: Float64Array, { a }: { a: number }) => [
      y[0]! * a,
      y[y.length - 1]!,
      y[7] === undefined ? t : 0,
    ],
    vectorField,
  ),
  "a vector destructured, spread and looped over": exact((t: number, y: Float64Array) => {
    const [p, , q, ...rest] = y;
    let s = t;
    for (const v of y) s += v;
    for (let i = 0; i < y.length; i++) s -= y[i]! * i;
    return [p! * q!, rest.length, Math.max(...y), s, ...y];
  }, vectorField),
  "a ring of neighbours": exact((_t: number, y: Float64Array, { a }: { a: number }) => {
    const n = y.length;
    const d = new Float64Array(n);
    for (let i = 0; i < n; i++)
      d[i] = (y[(i + 1) % n]! - y[(i + n - 2) % n]!) * y[(i + n - 1) % n]! - y[i]! + a;
    return d;
  }, vectorField),
  "map, reduce and their kind": exact(
    (t: number, y: Float64Array, { a, b }: { a: number; b: number }) => {
      const list = Array.from(y);
      const doubled = list.map((x, i) => x * a + i);
      let seen = t;
      list.forEach((x) => {
        seen = seen * b + x;
      });
      return [
        ...doubled,
        y.reduce((s, x) => s + x, 0),
        y.reduce((s, x) => s * x),
        list.reduceRight((s, x) => s - x, a),
        seen,
        list.concat([a], b).length,
        ...list.slice(1, 3),
        list.at(-1)!,
        list.flatMap((x) => [x, -x])[3]!,
        ...list.map(Math.abs),
        [[a], [b]].flat()[1]!,
        list.some((x) => x > 1) ? 1 : 0,
        list.every((x) => x > 1) ? 1 : 0,
      ];
    },
    vectorField,
  ),
  "arrays that are changed": exact((x: number, y: number) => {
    const d = [0, 0, 0];
    d[0] = x;
    d[1]! += y;
    d.push(x * y);
    const last = d.pop()!;
    d.unshift(last);
    if (x > 0) d[1] = -1;
    else d[2] = 5;
    const e = Array(3).fill(x);
    const [g] = e.splice(1, 1);
    const z = new Array(2).fill(0).map((_, i) => i + y);
    return [
      ...d,
      d.length,
      ...e,
      g,
      ...z,
      ...Array.from({ length: 2 }, (_, i) => i * x),
      ...d.toReversed(),
    ];
  }),
  "objects that are changed": exact((x: number, y: number) => {
    const o: Record<string, number> = { a: x };
    o["b"] = y;
    if (x > y) o["a"]!++;
    for (const key of Object.keys(o)) o[key]! *= 2;
    const total = Object.values(o).reduce((s, v) => s + v, 0);
    return { ...o, total, n: Object.entries(o).length, c: Object.assign({}, o, { z: 1 }).z };
  }),
  "arrays chosen by a condition": exact((x: number, y: number) => {
    const a = [x, 1];
    const b = [y, 2];
    const c = x > y ? a : b;
    let d;
    if (x > 0) d = [1, x];
    else d = [y, 2];
    d[0] = 9;
    return [c[0]! + c[1]!, ...d];
  }),
  "functions chosen by a condition": exact((x: number, y: number) => {
    const f = x > 0 ? (v: number) => v * 2 : (v: number) => v + y;
    return f(x) + f(y);
  }),
  "helper functions": exact((x: number, y: number) => {
    const square = (v: number) => v * v;
    function half(v: number) {
      return third(v) * 1.5;
    }
    function third(v: number) {
      return v / 3;
    }
    const named = function down(n: number): number {
      return n <= 0 ? 0 : x + down(n - 1);
    };
    return [square(x), half(y), named(4), ((a: number) => a + 1)(x)];
  }),
  "functions that write outside": exact((x: number, y: number) => {
    let count = 0;
    const next = (by: number) => {
      if (by > 0) {
        count += by;
        return count;
      }
      count -= 1;
      return -count;
    };
    return [next(x), next(y), count];
  }),
  "functions made in a loop": exact((x: number) => {
    const fs: (() => number)[] = [];
    for (let i = 0; i < 3; i++) fs.push(() => i * x);
    return fs.map((f) => f());
  }),
  "a rest parameter and a spread call": exact((x: number, y: number, z: number) => {
    const sum = (...v: number[]) => v.reduce((s, w) => s + w, 0);
    return [
      sum(x, y),
      sum(x, y, z),
      Math.max(x, y, z),
      sum.call(null, x, y),
      Math.min.apply(null, [x, y]),
    ];
  }),
  "hoisted functions and variables": exact((x: number) => {
    v = f(x);
    var v: number;
    return v;
    function f(w: number) {
      return w - 1;
    }
  }),
  "optional chains": exact(
    (t: number, y: readonly number[], args: { a: number; c?: { d: number; g?: () => number } }) => [
      args?.a,
      args.c?.d ?? t,
      args.c?.g?.() ?? 1,
      y?.[0]!,
    ],
    field,
  ),
  "what minifiers write": exact((x: number, y: number) => {
    let s: number | undefined = void 0;
    if (!(x > 0)) return ((s = y), s + (!0 ? 1 : 0));
    return (x > 1 && ((s = 2), !0), s === void 0 ? 1 / 0 : s, (typeof y === "number" ? 1 : 0) + x);
  }),
  "text for keys": exact(
    (_t: number, _y: unknown, args: Record<string, number>) =>
      ["a", "b"].map((key, i) => args[key]! * i + args["" + key]!),
    field,
  ),
  "a variable that shadows another": exact((x: number, y: number) => {
    const a = x;
    {
      const a = y;
      if (a > 0) x = a;
    }
    const f = (a: number) => a + 1;
    for (const a of [1]) y += a;
    return [a, f(x), y];
  }),
  "mixed conditions in deep nests": exact((x: number, y: number, z: number) => {
    let r = 0;
    for (let i = 0; i < 3; i++) {
      if (x > i) {
        if (y > i) r += 1;
        else if (z > i) {
          r += 10;
          continue;
        } else return r + 100;
        r *= 2;
      } else if (z < 0) break;
      r += 1000;
    }
    return r;
  }),
  "a division that is guarded": close(
    (x: number, y: number) => (y !== 0 && Math.abs(y) < 1e10 ? Math.sin(x / y) / y : 0),
    3,
    fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), fc.constantFrom(0, 1, 2, -4)),
  ),
  "a method": exact(
    {
      f(x: number, y: number) {
        return x - y;
      },
    }.f,
  ),
  "a computed method": exact(
    {
      ["a b"](x: number) {
        return { v: x };
      },
    }["a b"],
  ),
  "a function that is named": exact(function named(x: number): number {
    return x * 3;
  }),
  "a parameter that is assigned": exact((x: number, y: number) => {
    x = x > y ? y : x;
    y *= 2;
    return x + y;
  }),
  "records as state": exact(
    (
      _t: number,
      { prey, predator }: { prey: number; predator: number },
      { a, b }: { a: number; b: number },
    ) => ({
      prey: a * prey - b * prey * predator,
      predator: prey * predator - a * predator,
    }),
    fc.tuple(anyNumber, fc.record({ prey: anyNumber, predator: anyNumber }), record),
  ),
  "var with patterns": exact((x: number, y: number) => {
    var [a, { b = 3, ...rest }, ...others] = [x, { c: y } as { b?: number; c: number }, 1, 2];
    for (var [k, [v]] of [[1, [x]]] as [number, [number]][]) a += k * v;
    if (x > 0) var late = 5;
    else late = 6;
    return [a, b, rest.c, others.length, others[1], late];
  }),
  "makers of arrays and objects": exact((x: number, y: number) => {
    const d = new Float64Array(4);
    d.set([x, y], 1);
    const e = new Float64Array([y, x]);
    const o = Object.fromEntries([
      ["a", x],
      ["b", y],
    ]);
    const f: Record<string, number> = Object.freeze({ ...([x, y] as unknown as object), z: 1 });
    return [
      ...d,
      ...e,
      ...Array.of(x, 2),
      ...Float64Array.of(y, 3),
      ...Float64Array.from([x], (v) => v * 2),
      o["a"]!,
      o["b"]!,
      Object.hasOwn(o, "a") ? 1 : 0,
      "c" in o ? 1 : 0,
      f["1"]!,
      f["z"]!,
      ...Array.from("12", Number),
      new Array(x, y).length,
      ...[...[x, y].keys()],
      ...[...[x, y].values()],
      ...[[x], [y]].concat([[1]]).map((row) => row[0]!),
    ];
  }),
  "questions to arrays of known numbers": exact((x: number) => {
    const list = [3, 1, 2];
    return [
      list.includes(2) ? x : 0,
      list.indexOf(1),
      list.lastIndexOf(7),
      list.find((v) => v < 3)!,
      list.findIndex((v) => v === 2),
      list.filter((v) => v > 1).length,
      list.findLast((v) => v > 1)!,
      list.reverse()[0]!,
      list.shift()!,
      list.with(0, 9)[0]!,
      Number(list.join("")),
      [3, 4].fill(x, 1)[1]!,
      Array.isArray(list) ? 1 : 0,
    ];
  }),
  "kinds of values": exact((x: number, y: number) => {
    const kind = (v: unknown) =>
      typeof v === "number" ? 1 : typeof v === "boolean" ? 2 : typeof v === "undefined" ? 3 : 4;
    const maybe = x > 0 ? undefined : y;
    const nothing: number | null = null;
    return [
      kind(x),
      kind(x > 0),
      kind(undefined),
      kind([x]),
      kind(kind),
      maybe === undefined ? 1 : 2,
      maybe == null ? 1 : 2,
      maybe ?? 9,
      kind(maybe),
      nothing ?? 5,
      ((x > 0) as unknown) === true ? 1 : 0,
      (x as unknown) === "a" ? 1 : 0,
      Boolean(x) ? 1 : 0,
      Math.imul(3, 5),
      Math.clz32(8),
    ];
  }),
  "methods of an object": exact((x: number, y: number) => {
    const shapes = {
      area: (a: number) => a * y,
      list: [(a: number) => a + 1],
      deep: {
        twice(a: number) {
          return a * 2;
        },
      },
    };
    return [shapes.area(x), shapes.list[0]!(x), shapes.deep.twice(y), shapes["area"](y)];
  }),
  "++ and += on places": exact((x: number, y: number) => {
    const o = { n: x, list: [y] };
    let calls = 0;
    const at = () => calls++;
    o.n++;
    --o.list[at()]!;
    o.list[0]! **= 2;
    o.n ||= 4;
    o.n &&= o.n + 1;
    return [o.n, o.list[0]!, calls];
  }),
  "a matrix of locals": exact((x: number, y: number) => {
    const m = Array.from({ length: 2 }, () => Array(2).fill(0) as number[]);
    m[0]![1] = x;
    if (y > 0) m[1]![0]! += y;
    const [[, b], [c]] = m as [[number, number], [number]];
    return [
      b,
      c,
      m.flat().reduce((s, v) => s + v),
      m.map((row) => row.length).join() === "2,2" ? 1 : 0,
    ];
  }),
};
