// What is left of acorn where it parses nothing but functions that an engine has accepted.
//
// The whole of acorn is twice as large as everything that plain itself does with a function, and most of it can never
// run there, or runs to no effect: how it is called never changes, modules are never parsed, nobody sees the messages
// of its errors or asks for lines and columns, and what it objects to has been objected to by the engine before.
// So, when plain is built,
//
// 1. `patches` cut the places from which such code is reached, and replace tables of letters by `\p{ID_Start}`;
// 2. its options become constants, conditions on them are decided, and statements that only object are dropped;
// 3. what is no longer mentioned from `parseExpressionAt` on is left out: methods too, which no bundler can do;
// 4. methods and state get short names, which no bundler can do either.
//
// It makes the same tree of everything that acorn accepts: packages/plain/test/parser.test.ts compares. A version of
// acorn in which a place is not found exactly once fails to build.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { minifySync } from "rolldown/utils";
import { decide } from "./decide.mjs";
import { patches } from "./patches.mjs";
import { rename } from "./rename.mjs";
import { shake } from "./shake.mjs";

/**
 * For rolldown: acorn is rolled in, smaller, with its licence beside it.
 *
 * @returns {import("rolldown").Plugin}
 */
export function shrunkAcorn() {
  return {
    name: "shrunk-acorn",
    load(id) {
      if (!/[\\/]acorn[\\/]dist[\\/]acorn\.mjs$/.test(id)) return null;
      const folder = dirname(dirname(id));
      const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      this.emitFile({
        type: "asset",
        fileName: "acorn.LICENSE.txt",
        source: `acorn ${version}, of which parts are in index.js\n\n${readFileSync(join(folder, "LICENSE"), "utf8")}`,
      });
      const notice = `/*! Parts of acorn ${version}, MIT, (c) its contributors: see acorn.LICENSE.txt */`;
      return `${notice}\n${shrinkAcorn(readFileSync(id, "utf8"))}`;
    },
  };
}

/**
 * The source of a module with acorn's `parseExpressionAt` alone.
 *
 * @param {string} source That of acorn's own module.
 * @returns {string}
 * @throws Error if a place that is patched is not in it exactly once.
 */
export function shrinkAcorn(source) {
  let patched = source;
  for (const [place, replacement] of patches) {
    const parts = patched.split(place);
    if (parts.length !== 2) {
      throw new Error(`acorn has changed: found ${parts.length - 1} times, not once:\n${place}`);
    }
    patched = parts.join(replacement);
  }
  const { code, errors } = minifySync("acorn.mjs", rename(shake(decide(shake(patched)))), {
    module: true,
    compress: true,
    mangle: false,
    codegen: { removeWhitespace: false },
  });
  if (errors.length > 0) throw new Error(`acorn has changed: ${errors[0]?.message}`);
  return code;
}
