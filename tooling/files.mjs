import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository, without a slash at the end. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/**
 * The files below `folder` (relative to the root), as paths relative to the root with forward
 * slashes, sorted; nothing from node_modules, dist or temp.
 *
 * @param {string} folder
 * @param {RegExp} pattern
 * @returns {string[]}
 */
export function filesBelow(folder, pattern) {
  /** @type {string[]} */
  const found = [];
  /** @param {string} path */
  const walk = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (!entry.isDirectory()) found.push(relative(root, child).split(sep).join("/"));
      else if (!/^(node_modules|dist|temp|\..*)$/.test(entry.name)) walk(child);
    }
  };
  if (existsSync(join(root, folder))) walk(join(root, folder));
  return found.filter((file) => pattern.test(file)).toSorted();
}

/**
 * The names of the folders in packages/.
 *
 * @returns {string[]}
 */
export function packageFolders() {
  return readdirSync(join(root, "packages")).filter((name) =>
    existsSync(join(root, "packages", name, "package.json")),
  );
}

/**
 * @param {string} path Relative to the root.
 * @returns {string}
 */
export function readText(path) {
  return readFileSync(join(root, path), "utf8");
}
