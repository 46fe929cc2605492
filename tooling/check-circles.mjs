// Finds circles of imports between the sources of a package, those of types alone included. Each has to be named in
// tooling/circles.json with a reason, as large as it is: where one became smaller the list becomes shorter.
//
//   node tooling/check-circles.mjs
import { posix } from "node:path";
import process from "node:process";
import { filesBelow, packageFolders, readText } from "./files.mjs";

/** @typedef {{ readonly package: string, readonly files: readonly string[], readonly why: string }} Circle */

/** @type {readonly Circle[]} */
const allowed = JSON.parse(readText("tooling/circles.json"));
const found = packageFolders().flatMap((name) => circlesOf(name));

/** @type {(one: Pick<Circle, "package" | "files">) => string} */
const keyOf = (one) => [one.package, ...one.files].join(" ");
const [known, present] = [new Set(allowed.map(keyOf)), new Set(found.map(keyOf))];

const problems = [
  ...found
    .filter((circle) => !known.has(keyOf(circle)))
    .map(({ package: name, files }) => `${name}: these import one another: ${files.join(", ")}`),
  ...allowed
    .filter((circle) => !present.has(keyOf(circle)))
    .map(
      (one) =>
        `${one.package}: tooling/circles.json names a circle that is none now: ${one.files.join(", ")}`,
    ),
  ...allowed
    .filter(({ why }) => !(why?.length > 0))
    .map((one) => `tooling/circles.json: ${keyOf(one)}: why?`),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/**
 * The largest sets of files each of which leads to all others of its set.
 *
 * @param {string} name The folder of a package.
 */
function circlesOf(name) {
  const folder = `packages/${name}/src`;
  const imports = new Map(
    filesBelow(folder, /\.ts$/).map((file) => [
      file,
      [...readText(file).matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, path = ""]) =>
        posix.join(posix.dirname(file), path),
      ),
    ]),
  );
  const reached = new Map([...imports.keys()].map((file) => [file, reachedFrom(file, imports)]));
  const circles = [...reached].map(([file, others]) =>
    [...others]
      .filter((other) => reached.get(other)?.has(file))
      .map((other) => other.slice(folder.length + 1))
      .toSorted(),
  );
  return [...new Set(circles.map((files) => files.join(" ")))]
    .filter((files) => files !== "")
    .map((files) => ({ package: name, files: files.split(" ") }));
}

/**
 * All that a file imports, and that imports, and so on; itself only if a way leads back.
 *
 * @param {string} file
 * @param {ReadonlyMap<string, readonly string[]>} imports
 */
function reachedFrom(file, imports) {
  /** @type {Set<string>} */
  const seen = new Set();
  const next = [file];
  for (let one = next.pop(); one !== undefined; one = next.pop()) {
    for (const other of imports.get(one) ?? []) {
      if (seen.has(other)) continue;
      seen.add(other);
      next.push(other);
    }
  }
  return seen;
}
