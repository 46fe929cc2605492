import { jit } from "@diffrax-ts/autodiff";
import { transformSync } from "esbuild";
import { minify } from "terser";
import { expect, test } from "vitest";
import { plain } from "../src/index.ts";
import { cases } from "./cases.ts";
import { expectSameValues } from "./compare.ts";
import { run, script } from "./scripts.ts";

const examples = Object.entries(cases);

test.each(examples)("plain(f) has the values of f, minified by esbuild: %s", (_, example) => {
  expect.hasAssertions();
  const { code } = transformSync(script(example.f), { minify: true });
  expectSameValues(example, run(code));
});

test.each(examples)(
  "plain(f) has the values of f, with names kept by esbuild for engines of 2020: %s",
  (_, example) => {
    expect.hasAssertions();
    const { code } = transformSync(script(example.f), {
      minifySyntax: true,
      keepNames: true,
      target: "es2020",
    });
    expectSameValues(example, run(code));
  },
);

test.each(examples)("plain(f) has the values of f, minified by terser: %s", async (_, example) => {
  expect.hasAssertions();
  const options = {
    compress: { passes: 3, unsafe_math: false, hoist_vars: true },
    mangle: { toplevel: true },
  };
  const { code } = await minify(script(example.f), options);
  expectSameValues(example, run(code!));
});

test("plain(f) has the values of f, with powers written by esbuild for engines of 2015", () => {
  const f = (x: number): number => x ** 3 + 2 ** x;
  const { code } = transformSync(script(f), { target: "es2015" });
  expect(code).toContain("__pow(x, 3)");
  const read = run(code);
  expect(jit(plain(read as (x: number) => number))(1.5).item()).toBe(jit(plain(f))(1.5).item());
});

test("plain(f) says that names are kept, where the helper for that has a shorter name itself", () => {
  const f = (x: number): number => {
    const twice = (y: number): number => 2 * y;
    return twice(x) + twice(1);
  };
  const code = `(() => { ${script(f)} })()`;
  const minified = transformSync(code, { minifyIdentifiers: true, keepNames: true }).code;
  expect(() => plain(run(minified))).toThrow(/looks like what esbuild writes.*without keepNames/u);
});

test("plain(f) says that a build target is too old where its helpers cannot be read", () => {
  const f = (x: { a: number }): object => ({ ...x, b: 1 });
  const { code } = transformSync(script(f), { target: "es2017" });
  expect(() => plain(run(code))).toThrow(/engines older than ES2018.*raise the target/u);
});

test.each<[string, (x: { a: number }) => object]>([
  ["what is left of an object", ({ a, ...rest }) => ({ a, rest })],
  ["an object that begins with another", (x) => ({ ...x, b: 1 })],
  ["an object that ends with another", (x) => ({ b: 1, ...x })],
])("plain(f) says it too where the helpers have shorter names: %s", (_, f) => {
  const code = `(() => { ${script(f)} })()`;
  const minified = transformSync(code, { minifyIdentifiers: true, target: "es2017" }).code;
  expect(() => plain(run(minified))).toThrow(/engines older than ES2018.*raise the target/u);
});
