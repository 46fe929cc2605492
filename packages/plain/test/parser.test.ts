// The parser that is rolled into the published module is acorn with much left out: it has to parse as acorn does.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Node, parseExpressionAt } from "acorn";
import { transformSync } from "esbuild";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cases } from "./cases.ts";

type Shrink = (source: string) => string;
type Parse = typeof parseExpressionAt;

const tool = new URL("../../../tooling/acorn/shrinkAcorn.mjs", import.meta.url).href;
const { shrinkAcorn } = (await import(tool)) as { readonly shrinkAcorn: Shrink };
const file = createRequire(import.meta.url)
  .resolve("acorn")
  .replace(/\.js$/, ".mjs");
const source = readFileSync(file, "utf8");
const shrunk = shrinkAcorn(source);
const parser = `data:text/javascript,${encodeURIComponent(shrunk)}`;
const { parseExpressionAt: parseShrunk } = (await import(parser)) as {
  readonly parseExpressionAt: Parse;
};

/** The tree of a source, or that there is none. */
function outcome(parse: Parse, code: string): Node | "no expression" {
  try {
    return parse(code, 0, { ecmaVersion: "latest" });
  } catch {
    return "no expression";
  }
}

function expectSameTree(code: string): void {
  const wanted = outcome(parseExpressionAt, code);
  const got = outcome(parseShrunk, code);
  // What no engine accepts is no function, and never gets here: it may be refused or not, in any words.
  expect(wanted === "no expression" ? wanted : got).toEqual(wanted);
}

const written = Object.values(cases).map(({ f }) => Function.prototype.toString.call(f));
const functions = written.map((code) =>
  /^(function\b|\(|\w+ *=>)/.test(code) ? code : `({${code}})`,
);
const minified = functions.map((code) => transformSync(`f=${code}`, { minify: true }).code);

/** What JavaScript has besides. */
const others = [
  "async (x) => { for await (const y of x) await using(y); await using z = x; using w = 2; return await x }",
  "function* f(x) { const y = yield x; yield* y; yield\n; return `a${x}b${`c${y}`}` }",
  "async function* f() { yield await 1 }",
  "x => { class A extends (x, B) { static #p = 1; #q() { return #p in this } static { super.x; this.#p } get a() { return super.a } set a(v) {} static async *[x]() {} 'constructor'() { super(...x); new.target } } return class {} }",
  "({ get a() { return 1 }, set a(v) {}, async b() {}, *c() {}, async *d() {}, [e]: 1, 'f': 2, 3: 4, __proto__: g, h, ...i })",
  "({ a, b: { c = 1, ...d }, [e]: [f, , g = 2, ...h] } = x, ...[y]) => [a, , ...h]",
  "f => { label: for (;;) { outer: while (1) { if (f) continue label; else break outer } do { f-- } while (f) g() } }",
  "f => { switch (f) { case 1: case 2: { let x; break } default: function g() {} } try { throw f } catch { } finally { } try { } catch ({ message }) { } }",
  "f => { with (f) debugger; var let_ = 1, async = 2, of = 3, get = 4; for (async of => 1; ;); for (var i = 0 in {}); }",
  "f => { for (const of of of) ; for (let [a] = f; a; a++) ; for (let in f) ; let\ny; for (f.x of f) ; for ([f, f.y] of f); }",
  "function f() { 'use strict'; let a = 0x1F + 0b101 + 0o17 + 1_000.5e-3 + .5 + 5. + 10n + 0xFFn; return a }",
  "function f() { var a = 017 + 089 + '\\07\\8\\x41\\u0041\\u{1F600}\\\n\\\r\\u2028'; yield = let }",
  "f => f`\\unicode and ${f} \\xerxes \\u{110000}` + `\\n\\t\\\n\r\n`",
  "f => /[/\\]]+(?<name>a)\\k<name>/dgimsuy.test(f) / 2 / f.g /h/ f++ /i",
  "f => { if (f) /a/.test(f); else /=b/g; } ",
  "f => a?.b?.[c]?.(d).e ?? (f || g) && !h ** -1 || (-i) ** 2 ** 3",
  "f => (a, b => c, async d => e, async (g) => h, async function () {}, async(i), async)",
  "f => { a = b\n++c\nreturn\nd }",
  "f => { import('x', { with: {} }).then(import(y)); a <!-- b\n--> c\n}",
  "f => { if (f) function g() {} x: function h() {} }",
  "f => (a |= b, a &&= c, a ||= d, a ??= e, a **= f, a >>>= g, a <<= h, a = typeof void delete a.b, a in b, a instanceof c)",
  "\\u0061bc => { var \\u{62}cd = abc, ünï = 1, 变量 = 2, 𝒳𝒴 = 3, a\u200c\u200d·b, ℮, ゛, $_ = ªµ; return { ünï, 变量 } }",
  "f => new new A(...b).c(d)[e]`g`",
  "f /* a */ => // b\n /* c\n */ f // d",
  "f(x) { return x }",
  "async *f({ a = 1 }, ...b) { yield }",
  "get x() { return 1 }",
  "[Symbol.iterator]() { return 1 }",
  "#f(x) { return x }",
  "f => { import a from 'b' }",
  "f => { export default 1 }",
  "f => import.meta",
  "",
];

describe("the parser that is rolled in makes acorn's trees", () => {
  test("of everything that plain reads", () => {
    expect.hasAssertions();
    for (const code of [...functions, ...written]) expectSameTree(code);
  });

  test("of minified functions", () => {
    expect.hasAssertions();
    for (const code of minified) expectSameTree(code);
  });

  test.each(others)("of %s", (code) => {
    expect.hasAssertions();
    expectSameTree(code);
  });

  test("of every function of acorn itself", () => {
    const starts = [...source.matchAll(/= (function\b.*)/g)].map(({ index }) => index + 2);
    expect(starts.length).toBeGreaterThan(300);
    for (const start of starts) {
      const options = { ecmaVersion: "latest" } as const;
      const tree = parseShrunk(source, start, options);
      expect(tree).toEqual(parseExpressionAt(source, start, options));
    }
  });

  test("of functions put together from pieces of these, where acorn makes one", () => {
    expect.hasAssertions();
    const tokens = [...functions, ...minified, ...others].map(
      (code) => code.match(/\w+|\s+|\W/g) ?? [],
    );
    const change = fc.record({ code: fc.nat(), at: fc.nat(), from: fc.nat(), token: fc.nat() });
    fc.assert(
      fc.property(change, ({ code, at, from, token }) => {
        const words = [...tokens[code % tokens.length]!];
        const other = tokens[from % tokens.length]!;
        const piece = other.slice(token % (other.length + 1)).slice(0, token % 3);
        words.splice(at % (words.length + 1), 1, ...piece);
        expectSameTree(words.join(""));
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  "x => x +",
  "(x) => { return",
  "x => 'abc",
  "x => `abc${",
  "x => /abc",
  "x => {/*",
  "@",
])("the parser that is rolled in refuses %s", (code) => {
  expect(outcome(parseShrunk, code)).toBe("no expression");
});

test("shrinkAcorn refuses an acorn in which it does not find what it cuts", () => {
  expect(() => shrinkAcorn(source.replace("getOptions(options)", "optionsOf(options)"))).toThrow(
    /acorn has changed: found 0 times, not once:\nthis.options = options = getOptions/,
  );
});

test("shrinkAcorn leaves less than half of acorn", () => {
  const size = (code: string): number => transformSync(code, { minify: true }).code.length;
  expect(size(shrunk)).toBeLessThan(size(source) / 2);
  expect(shrunk).not.toMatch(/regexp_|parseExport|Script_Extensions|astralIdentifier/);
});
