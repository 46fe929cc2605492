// The pages among the examples: those with a vite.config.ts.
import { readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { build } from "vite";
import { filesBelow, root } from "../files.mjs";

const types = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
]);

/**
 * Builds them with Vite, as their configurations say.
 *
 * @returns {Promise<Map<string, import("./serve.mjs").Sent>>} Their files, by their paths below the root.
 */
export async function buildPages() {
  const folders = filesBelow("docs/examples", /^docs\/examples\/[^/]+\/vite\.config\.ts$/).map(
    dirname,
  );
  return new Map((await Promise.all(folders.map(buildPage))).flat());
}

/**
 * @param {string} name
 * @returns {Promise<[string, import("./serve.mjs").Sent][]>}
 */
async function buildPage(name) {
  await build({ configFile: join(root, name, "vite.config.ts"), logLevel: "warn" });
  const dist = `docs/examples/dist/${name.split("/").at(-1)}`;
  return filesBelow(dist, /\.(html|js|css)$/).map((file) => [
    name + file.slice(dist.length),
    { type: types.get(extname(file)) ?? "", body: readFileSync(join(root, file)), tells: true },
  ]);
}
