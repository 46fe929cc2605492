// Programs made at random of JavaScript's own functions on arrays, typed arrays, texts and keys: what is read has the values
// of the function itself, or is refused.
import { jit } from "@diffrax-ts/autodiff";
import type { Callable } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect, test } from "vitest";
import { plain, PlainError } from "../src/index.ts";

const lists = ["a", "h", "d", "g", "w", "v", "m", "q", "y2"] as const;
const list = fc.constantFrom(...lists, "a", "d", "w", "h");
const known = fc.constantFrom(
  "0",
  "1",
  "2",
  "-1",
  "3",
  "1.5",
  "undefined",
  "null",
  '"1"',
  "true",
  "NaN",
);
const scalar = fc.oneof(fc.constantFrom("x", "y", "x > y", "x", "r"), known);
const element = fc.tuple(list, fc.integer({ min: 0, max: 3 })).map(([name, i]) => `${name}[${i}]`);
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 2, arbitrary: element },
  { weight: 1, arbitrary: list },
  {
    weight: 1,
    arbitrary: fc.constantFrom("[x]", "{}", '"ab"', "[1, [2, [y]]]", "((z) => z)", "o"),
  },
);
const place = fc.oneof(
  { weight: 5, arbitrary: known },
  { weight: 2, arbitrary: fc.constantFrom("x", "r", "a[0]", "x > y") },
  { weight: 1, arbitrary: value },
);
const loose = fc.constantFrom(
  '"1"',
  '"3"',
  '""',
  "1",
  "3",
  "0",
  "true",
  "null",
  "undefined",
  "x",
  "x > y",
  "[3]",
);
const key = fc.oneof(
  { weight: 4, arbitrary: known },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '"01"',
      '"p"',
      "-0",
      '"-0"',
      '"length"',
      '"map"',
      '"1.0"',
      '"toString"',
    ),
  },
  { weight: 1, arbitrary: value },
);

const callback = fc.constantFrom(
  "(e, i) => e",
  "(e, i) => i > 0",
  "(e, i, l) => l.length + i",
  "(e, i, l) => { l[1] = i; return e; }",
  "(e) => Number(e) + x",
  "(e) => e > x",
  "(e) => [e, x]",
  "(e, i, l) => { if (i === 0 && l === a) a.pop(); return e; }",
  "(s, e) => e",
  "(s, e) => Number(s) + Number(e)",
  "Number",
  "Boolean",
  "(e) => e === undefined",
  "see",
);
const placing: readonly string[] = [
  "at",
  "copyWithin",
  "flat",
  "keys",
  "pop",
  "reverse",
  "shift",
  "slice",
  "splice",
  "subarray",
  "toReversed",
  "toSpliced",
  "entries",
  "values",
  "toString",
  "sort",
  "toSorted",
];
const holding = [
  "push",
  "unshift",
  "with",
  "concat",
  "includes",
  "indexOf",
  "lastIndexOf",
  "join",
  "set",
];
const calling = [
  "every",
  "filter",
  "find",
  "findIndex",
  "findLast",
  "findLastIndex",
  "flatMap",
  "forEach",
  "map",
  "reduce",
  "reduceRight",
  "some",
];
const method = fc.constantFrom(...placing, ...holding, ...calling);
const call = fc
  .oneof(
    fc.tuple(list, fc.constantFrom(...placing), fc.array(place, { maxLength: 3 })),
    fc.tuple(
      list,
      fc.constantFrom(...holding),
      fc.tuple(value, fc.array(place, { maxLength: 2 })).map((args) => args.flat()),
    ),
    // V8 in Node 20 takes `fill(x, undefined, 1)` of a typed array for `fill(x)`.
    fc.tuple(
      list,
      fc.constant("fill"),
      fc
        .tuple(value, fc.array(fc.constantFrom("0", "1", "-1", "x"), { maxLength: 2 }))
        .map((args) => args.flat()),
    ),
    fc.tuple(list, fc.constantFrom("splice", "toSpliced"), fc.tuple(place, place, value)),
    fc.tuple(list, fc.constantFrom("with"), fc.tuple(place, value)),
    fc.tuple(
      list,
      fc.constantFrom(...calling),
      fc.tuple(callback, fc.array(scalar, { maxLength: 1 })).map((args) => args.flat()),
    ),
  )
  .map(([of, name, args]) => `${of}.${name}(${args.join(", ")})`);

const typed = fc.constantFrom(
  "Float64Array",
  "Float32Array",
  "Float64Array",
  "Int32Array",
  "Uint8ClampedArray",
);
const made = fc.oneof(
  fc
    .tuple(fc.constantFrom("new Array", "Array", "Array.of"), fc.array(value, { maxLength: 2 }))
    .map(([f, args]) => `${f}(${args.join(", ")})`),
  fc.tuple(typed, value).map(([name, x]) => `new ${name}(${x})`),
  fc
    .tuple(typed, fc.array(value, { maxLength: 3 }))
    .map(([name, args]) => `${name}.of(${args.join(", ")})`),
  fc
    .tuple(fc.oneof(typed, fc.constant("Array")), value, callback)
    .map(([name, x, f]) => `${name}.from(${x}, ${f})`),
  place.map((n) => `Array.from({ length: ${n} }, (_, i) => x + i)`),
);
const asked = fc.oneof(
  fc.tuple(loose, fc.constantFrom("==", "!="), loose).map((parts) => `(${parts.join(" ")})`),
  fc.tuple(list, key).map(([of, k]) => `${of}[${k}]`),
  fc.tuple(key, fc.oneof(list, fc.constant("o"))).map(([k, of]) => `(${k} in ${of})`),
  fc.tuple(fc.oneof(list, fc.constant("o")), key).map(([of, k]) => `Object.hasOwn(${of}, ${k})`),
  fc.tuple(list, method).map(([of, name]) => `(${of}.${name} ? 1 : 2)`),
  fc.tuple(fc.oneof(value, element), method).map(([of, name]) => `typeof (${of}).${name}`),
  list.map(
    (of) => `(${of}.constructor === Array ? 1 : ${of}.constructor === Float64Array ? 2 : 3)`,
  ),
  list.map((of) => `Array.isArray(${of})`),
  fc
    .tuple(
      value,
      fc.constantFrom("==", "!=", "===", "!==", "<", "<=", "+", "-", "*", "%", "|"),
      value,
    )
    .map((parts) => `(${parts.join(" ")})`),
  fc
    .tuple(fc.constantFrom("-", "+", "~", "!", "typeof "), value)
    .map(([sign, x]) => `${sign}(${x})`),
  value.map((x) => "`<${" + x + "}>`"),
  fc
    .tuple(fc.constantFrom("keys", "values", "entries"), fc.oneof(list, fc.constant("o")))
    .map(([name, of]) => `Object.${name}(${of}).length`),
  list.map((of) => `Object.keys(${of}).join()`),
  fc.tuple(key, value).map(([k, x]) => `Object.keys(Object.fromEntries([[${k}, ${x}]]))[0]`),
  value.map((x) => `Object.keys({ ...${x} }).length`),
  fc
    .tuple(
      fc.constantFrom(
        "Number",
        "Boolean",
        "isNaN",
        "isFinite",
        "Number.isNaN",
        "Number.isInteger",
        "Number.isFinite",
      ),
      value,
    )
    .map(([f, x]) => `${f}(${x})`),
  list.map((of) => `${of}.length`),
);
const statement = fc.oneof(
  { weight: 5, arbitrary: call.map((x) => `q = ${x};`) },
  { weight: 2, arbitrary: made.map((x) => `q = ${x};`) },
  { weight: 4, arbitrary: asked.map((x) => `r = see(${x});`) },
  { weight: 3, arbitrary: fc.tuple(list, key, value).map(([of, k, x]) => `${of}[${k}] = ${x};`) },
  { weight: 1, arbitrary: fc.tuple(list, place).map(([of, n]) => `${of}.length = ${n};`) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(list, fc.constantFrom("0", "1", "2"), scalar)
      .map(([of, k, x]) => `if (x > y) ${of}[${k}] = ${x};`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("if (x > y) h[1] = 2;", "if (x > y) h.reverse(), h.reverse();"),
  },
  { weight: 1, arbitrary: list.map((of) => `for (const k in ${of}) r += Number(k);`) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(list, place)
      .map(([of, k]) => `for (const e of ${of}) { r = see(e); ${of}[${k}] = 5; }`),
  },
  {
    weight: 1,
    arbitrary: list.map(
      (of) =>
        `for (const [i, e] of ${of}.entries()) { r += see(e) * i; ${of}[i + 1] = i; if (i > 3) break; }`,
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(list, value)
      .map(([of, x]) => `{ const [b = ${x}, , ...c] = ${of}; r = see(b) + c.length; }`),
  },
  { weight: 1, arbitrary: list.map((of) => `Object.assign(o, ${of});`) },
  { weight: 1, arbitrary: fc.tuple(list, list).map(([of, from]) => `${of}.push(...${from});`) },
  { weight: 1, arbitrary: fc.tuple(list, list).map(([of, from]) => `${of}.set(${from}, 1);`) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(list, fc.constantFrom("+=", "-=", "??=", "||="), value)
      .map(([of, op, x]) => `r = see(${of}[1] ${op} ${x});`),
  },
  { weight: 1, arbitrary: list.map((of) => `[${of}[0], ${of}[1]] = [${of}[1], x > 0];`) },
  { weight: 1, arbitrary: list.map((of) => `r = see(${of}[0]++) + see(${of}[0]);`) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(list, value)
      .map(
        ([of, x]) =>
          `{ const { length = 3, 0: b = ${x}, ...c } = ${of}; r = see(b) + length + Object.keys(c).length; }`,
      ),
  },
  { weight: 1, arbitrary: fc.constant("q = m[0]; q.push(y);") },
  {
    weight: 1,
    arbitrary: fc
      .tuple(list, value, fc.constantFrom("var b = 4;", "var b;", "b = 4;"))
      .map(
        ([of, x, change]) =>
          `{ const f = (b = ${x}, g = () => b) => { ${change} return see(g()) + see(b); }; r = f(${of}[0]); }`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(list, call).map(([of, x]) => `if (typeof ${of}[0] === "number") q = ${x};`),
  },
  { weight: 1, arbitrary: fc.tuple(key, value).map(([k, x]) => `o[${k}] = ${x};`) },
);

/** Also on one side of a condition. */
const nested = fc.oneof(
  { weight: 3, arbitrary: statement },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("x > y", "x > 0", "y < 2"), statement, statement)
      .map(([c, a, b]) => `if (${c}) { ${a} } else { ${b} }`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom("x > y", "x > 0"), list, list)
      .map(([c, a, b]) => `q = ${c} ? ${a} : ${b};`),
  },
);
const program = fc.array(nested, { minLength: 1, maxLength: 4 }).map(
  (lines) => `"use strict";
    let r = 0, q = [y, 1];
    const see = (z) => z === undefined ? 777 : z === null ? 778 : typeof z === "string" ? 1000 + z.length
      : typeof z === "number" ? z : typeof z === "boolean" ? 500 + Number(z) : typeof z === "function" ? 779
      : Array.isArray(z) ? 3000 + z.length : 2000;
    const a = [x, 2, y], h = [, x, , 3], d = Float64Array.of(x, y, 1, 0), w = d.subarray(1, 3), g = new Float32Array([y, 0.1, x]);
    const o = { p: x, 1: y }, m = [[1, x], [y]], y2 = v.map((e) => -e);
    ${lines.join("\n    ")}
    const all = [[r, see(q)]];
    for (const z of [a, h, d, w, g, m, y2, ...(Array.isArray(q) || q?.BYTES_PER_ELEMENT ? [q] : [])])
      all.push([z.length, Object.keys(z).length, ...Array.from(z.slice(0, 9), see)]);
    for (const k in o) all.push([see(k), see(o[k])]);
    return all;`,
);

type Numbers = (x: number, y: number, v: Float64Array) => readonly (readonly number[])[];

/** Several inputs: what was chosen at the first must not be kept for the others. */
const inputs: readonly (readonly [number, number, readonly number[]])[] = [
  [3, 1, [1, 2]],
  [0, 2, [-1, 0.5]],
  [-1.5, 2.5, [0, 3]],
];

/** What came of a function: "right", "refused", or in words what is wrong. */
function outcomeOf(f: Numbers): string {
  const wanted = inputs.map(([x, y, v]) => {
    try {
      return f(x, y, Float64Array.from(v)).flat().map(Number);
    } catch {
      return null;
    }
  });
  let refused: PlainError | undefined;
  try {
    const read = jit(plain(f as Callable) as unknown as () => unknown) as unknown as Numbers;
    for (const [i, [x, y, v]] of inputs.entries()) {
      const got = read(x, y, Float64Array.from(v)).flat().map(Number);
      if (wanted[i] === null) return `${JSON.stringify(got)} instead of an error`;
      if (
        !got.every((number, j) => Object.is(number, wanted[i]![j])) ||
        got.length !== wanted[i]!.length
      )
        return `${JSON.stringify(got)} instead of ${JSON.stringify(wanted[i])}`;
    }
  } catch (error) {
    if (!(error instanceof PlainError)) return `threw ${String(error)}`;
    refused = error;
  }
  return refused === undefined ? "right" : "refused";
}

const thoroughness = Number(process.env["THOROUGHNESS"] ?? 1);

test("natives on arrays, typed arrays, texts and keys are JavaScript's, or refused, in random programs", () => {
  const counts = { right: 0, refused: 0 };
  const numRuns = 250 * thoroughness;
  fc.assert(
    fc.property(program, (source) => {
      // oxlint-disable-next-line typescript/no-implied-eval -- the source was made here
      const outcome = outcomeOf(new Function("x", "y", "v", source) as Numbers);
      if (outcome === "right") counts.right++;
      else if (outcome === "refused") counts.refused++;
      else throw new Error(outcome);
    }),
    { numRuns },
  );
  // Many of these programs fail in JavaScript as well, or ask for what is not known.
  expect(counts.right).toBeGreaterThan(numRuns / 8);
});
