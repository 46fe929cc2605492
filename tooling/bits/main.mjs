// Computes every item with the built packages, and compares its hash with hashes.json. Needs nothing but Node, so that any
// version of it can be asked. The last line says how many passed and failed.
//
//   node tooling/bits/main.mjs [--update]
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { hash } from "./hash.mjs";
import { items } from "./items.mjs";

const file = new URL("hashes.json", import.meta.url);
const found = Object.fromEntries(Object.entries(items).map(([name, run]) => [name, hash(run())]));

if (process.argv.includes("--update")) {
  writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
} else {
  const wanted = JSON.parse(readFileSync(file, "utf8"));
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
  const wrong = names.filter((name) => wanted[name] !== found[name]);
  for (const name of wrong)
    console.log(`${name}: expected ${wanted[name] ?? "nothing"}, got ${found[name] ?? "nothing"}`);
  console.log(
    `Node ${process.version}: ${names.length - wrong.length} passed, ${wrong.length} failed`,
  );
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
