// Type-checks the examples in doc comments and Markdown pages: writes every block out as a file of
// its own below temp/examples of its package, and compiles them against the built declarations.
//
//   node tooling/doctest/check.mjs
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { packageFolders, readText, root } from "../files.mjs";
import { blocks, filesWithExamples } from "./blocks.mjs";

for (const name of packageFolders())
  rmSync(folderOf(`packages/${name}/`), { recursive: true, force: true });
rmSync(folderOf(""), { recursive: true, force: true });

const written = filesWithExamples().flatMap((file) =>
  blocks(readText(file)).map(({ line, code }) => {
    const path = join(folderOf(file), `${file.replaceAll("/", ".")}.${line}.ts`);
    mkdirSync(dirname(path), { recursive: true });
    // Lines keep their numbers, so that an error points into the file that holds the example.
    writeFileSync(path, `${"\n".repeat(line)}${code}\nexport {};\n`);
    return path;
  }),
);

if (written.length > 0) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const project = join(root, "tooling/doctest/tsconfig.json");
  const { status } = spawnSync(process.execPath, [tsc, "-p", project], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}
console.log(`${written.length} examples type-checked`);

/**
 * Where the blocks of a file are written: below its package, whose dependencies they may import.
 *
 * @param {string} file
 */
function folderOf(file) {
  const home = /^packages\/[^/]+\//.exec(file)?.[0] ?? "tooling/doctest";
  if (!existsSync(join(root, home))) throw new Error(`doctest: there is no folder ${home}`);
  return join(root, home, "temp/examples");
}
