// Checks the package graph: it has no edge that does not lead to a lower layer of
// tooling/layers.json; every tsconfig lists as references exactly the workspace packages that
// package.json names; the root's tsconfig lists them all; and the manifests are all alike.
//
//   node tooling/check-graph.mjs
import process from "node:process";
import { packageFolders, readText } from "./files.mjs";

/** @type {(path: string) => any} */
const readJson = (path) => JSON.parse(readText(path));
/** @type {(path: string) => string[]} */
const references = (path) =>
  (readJson(path).references ?? []).map((/** @type {{ path: string }} */ ref) => ref.path);

const scope = "@diffrax-ts/";
const alike = ["license", "files", "type", "sideEffects", "exports", "publishConfig", "engines"];

/** @type {string[][]} Lowest layer first. */
const layers = readJson("tooling/layers.json");
const layerOf = new Map(layers.flatMap((names, i) => names.map((name) => [name, i])));
const packages = packageFolders();
const model = readJson("packages/pytree/package.json");
const atRoot = references("tsconfig.json");
const inTypeTests = readJson("tooling/types/package.json").dependencies;
/** @type {string[]} */
const problems = [];

for (const name of packages) {
  const manifest = readJson(`packages/${name}/package.json`);
  const deps = Object.keys(manifest.dependencies ?? {})
    .filter((dep) => dep.startsWith(scope))
    .map((dep) => dep.slice(scope.length));
  const layer = layerOf.get(name);

  if (layer === undefined) problems.push(`${name} is in no layer of tooling/layers.json`);
  for (const dep of deps) {
    if (!((layerOf.get(dep) ?? Infinity) < (layer ?? 0))) {
      problems.push(`${name} may not depend on ${dep}, which is in no lower layer`);
    }
    if (manifest.dependencies[scope + dep] !== "workspace:^") {
      problems.push(`${name}: write "${scope}${dep}": "workspace:^"`);
    }
  }
  const listed = references(`packages/${name}/tsconfig.json`).map((path) =>
    path.replace("../", ""),
  );
  if (deps.toSorted().join() !== listed.toSorted().join()) {
    problems.push(`${name}: tsconfig references [${listed}], package.json needs [${deps}]`);
  }
  for (const path of [`packages/${name}`, `packages/${name}/test`]) {
    if (!atRoot.includes(path)) problems.push(`tsconfig.json does not reference ${path}`);
  }
  if (inTypeTests[scope + name] === undefined) {
    problems.push(`tooling/types/package.json does not name ${scope}${name}`);
  }

  if (manifest.name !== scope + name) problems.push(`${name}: its name is ${manifest.name}`);
  if (manifest.repository?.directory !== `packages/${name}`) {
    problems.push(`${name}: repository.directory is not packages/${name}`);
  }
  if (manifest.peerDependencies !== undefined) {
    problems.push(`${name}: use dependencies, not peerDependencies`);
  }
  // Beside its modules core has them all in one file.
  if (name === "core") delete manifest.exports["./bundle"];
  for (const field of alike) {
    if (JSON.stringify(manifest[field]) !== JSON.stringify(model[field])) {
      problems.push(`${name}: ${field} in package.json differs from that of pytree`);
    }
  }
  for (const [script, command] of Object.entries(model.scripts)) {
    if (manifest.scripts?.[script] !== command) {
      problems.push(`${name}: the script ${script} in package.json differs from that of pytree`);
    }
  }
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
