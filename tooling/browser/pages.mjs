// The pages among the examples: those with a vite.config.ts.
import { readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { filesBelow, root } from "../files.mjs";

/**
 * What a visitor does with a page.
 *
 * @typedef {{ readonly title: string, readonly run: (page: import("playwright-core").Page) => Promise<void> }} PageTest
 */

/**
 * A page that was built.
 *
 * @typedef {{ readonly path: string, readonly type: string, readonly body: Buffer }} BuiltFile
 * @typedef {{ readonly name: string, readonly hash: string, readonly tests: readonly PageTest[], readonly files: readonly BuiltFile[] }} BuiltPage
 */

const types = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
]);

/**
 * Builds them with Vite, as their configurations say.
 *
 * @returns {Promise<readonly BuiltPage[]>}
 */
export async function buildPages() {
  const folders = filesBelow("docs/examples", /^docs\/examples\/[^/]+\/vite\.config\.ts$/).map(
    dirname,
  );
  return Promise.all(folders.map(buildPage));
}

/**
 * @param {string} name
 * @returns {Promise<BuiltPage>}
 */
async function buildPage(name) {
  const folder = join(root, name);
  await build({ configFile: join(folder, "vite.config.ts"), logLevel: "warn" });
  const { tests, hash = "" } = await import(
    pathToFileURL(join(folder, "test/inChromium.mjs")).href
  );
  const dist = `docs/examples/dist/${name.split("/").at(-1)}`;
  const files = filesBelow(dist, /\.(html|js|css)$/).map((file) => ({
    path: name + file.slice(dist.length),
    type: types.get(extname(file)) ?? "",
    body: readFileSync(join(root, file)),
  }));
  return { name, hash, tests, files };
}
