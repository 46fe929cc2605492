import { join } from "node:path";
import { type Plugin, transformWithOxc } from "vite";
import { root } from "../files.mjs";
import { blocks, filesWithExamples } from "./blocks.mjs";
import { rewrite } from "./rewrite.mjs";

/**
 * Turns the fenced `ts` blocks in doc comments and Markdown pages into tests.
 *
 * Blocks see the packages as npm users do: built, and only through their main export.
 */
export function doctest(): Plugin {
  const files = new Set(filesWithExamples().map((file) => join(root, file)));
  return {
    name: "doctest",
    enforce: "pre",
    config: () => ({
      resolve: {
        alias: [
          { find: /^@diffrax-ts\/([^/]+)$/, replacement: `${root}/packages/$1/dist/index.js` },
        ],
      },
    }),
    async transform(source, id) {
      const path = id.split("?")[0] ?? id;
      if (!files.has(path)) return undefined;
      const tests = blocks(source).map(
        ({ line, code }) => `test("line ${line}", async () => {\n${rewrite(code)}\n});`,
      );
      const header = `import { expect, test } from "vitest";\n`;
      return transformWithOxc(header + tests.join("\n"), `${path}.ts`);
    },
  };
}
