import type { Callable } from "@diffrax-ts/pytree";
import { transformSync } from "esbuild";
import { minify } from "terser";
import { expect, test } from "vitest";
import { cases } from "./cases.ts";
import { expectSameValues } from "./compare.ts";

const examples = Object.entries(cases);

/** The source of a script whose value is the function. */
function script(f: Callable): string {
  const source = Function.prototype.toString.call(f);
  const isMethod = !/^(function\b|\(|\w+ *=>)/.test(source);
  return isMethod ? `globalThis.f = Object.values({${source}})[0];` : `globalThis.f = ${source};`;
}

function run(code: string): Callable {
  const globals = { f: undefined as Callable | undefined };
  // oxlint-disable-next-line typescript/no-implied-eval -- a test of what other tools make of a source
  new Function("globalThis", code)(globals);
  return globals.f!;
}

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
