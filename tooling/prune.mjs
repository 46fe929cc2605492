// Deletes what dist/ still holds of sources that are gone: tsc and turbo only ever add files there.
//
//   node tooling/prune.mjs    every package
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { packageFolders, root } from "./files.mjs";

/**
 * Leaves in dist/ the rolled-up modules, tsc's notes, and the declarations of living sources.
 *
 * @param {string} folder
 */
export function prune(folder) {
  const dist = join(folder, "dist");
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(dist.length + 1);
    if (/^(\.tsbuildinfo|(index|bundle|worker)\.js(\.map)?)$/.test(path)) continue;
    const source = path.replace(/\.d\.ts(\.map)?$/, ".ts");
    if (source === path || !existsSync(join(folder, "src", source))) rmSync(file);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of packageFolders()) prune(join(root, "packages", name));
}
