import * as core from "@diffrax-ts/core";
import * as interpolation from "@diffrax-ts/interpolation";
import * as linearSolvers from "@diffrax-ts/linear-solvers";
import * as solvers from "@diffrax-ts/solvers";
import * as solversImplicit from "@diffrax-ts/solvers-implicit";
import * as solversSde from "@diffrax-ts/solvers-sde";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../../docs/conformance.md", import.meta.url), "utf8");

/** The tables of names: what Diffrax calls it, what it is called here, and how far it is. */
const tableFrom = (title: string) =>
  page
    .slice(page.indexOf(`## ${title}\n`))
    .split("\n## ")[0]!
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, , , status]) => ["done", "still to come", "not planned"].includes(status ?? ""))
    .map(([, diffrax, here, status]) => ({ diffrax: diffrax!, here: here!, status: status! }));
const rows = tableFrom("Names");

/** Every public name of Diffrax. */
const figures = JSON.parse(
  readFileSync(new URL("reference/figures/names.json", import.meta.url), "utf8"),
) as Readonly<Record<"names" | "deprecated", readonly string[]>>;

const names = (cell: string): string[] =>
  [...cell.matchAll(/`(?<name>\w+)/gu)].map((match) => match.groups!["name"]!);

test("docs/conformance.md names only values that there are", () => {
  const packages: Readonly<Record<string, object>> = {
    interpolation,
    solvers,
    "solvers-implicit": solversImplicit,
    "solvers-sde": solversSde,
  };
  const tables = [
    [rows, core],
    [tableFrom("Names of Lineax"), linearSolvers],
    [tableFrom("Names of Optimistix"), core],
  ] as const;
  const missing = tables
    .flatMap(([table, home]) => table.map((row) => ({ ...row, home: home as object })))
    .filter(({ here, status }) => status === "done" && !here.includes("(type"))
    .flatMap(({ diffrax, here, home }) => {
      const from = /\(of `(?<name>[\w-]+)`\)/u.exec(here)?.groups?.["name"];
      const known = from === undefined ? home : packages[from]!;
      // Options, and what is a type beside a maker, are no values.
      const values = names(here.replace(/\(of .*\)/u, "")).filter(
        (name) => !["params", "nonfinite", "scanStages", "ButcherTableau"].includes(name),
      );
      return values.filter((name) => !(name in known)).map((name) => `${diffrax}: ${name}`);
    });
  expect(missing).toEqual([]);
});

test("docs/conformance.md says of nothing that there is that it is still to come", () => {
  const late = rows
    .filter(({ status }) => status !== "done")
    .flatMap(({ diffrax }) => names(diffrax))
    .filter((name) => name !== "diffeqsolve" && name !== "Solution" && name in core);
  expect(late).toEqual([]);
});

test("docs/conformance.md has every name of Diffrax once", () => {
  const all = rows.flatMap(({ diffrax }) =>
    [...diffrax.matchAll(/`(?<name>[^`]+)`/gu)].map((match) => match.groups!["name"]!),
  );
  expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
  // Beside names there are options and members.
  const listed = all.filter((name) => /^\w+$/u.test(name) && name !== "scan_kind");
  expect(listed.toSorted()).toEqual([...figures.names, ...figures.deprecated].toSorted());
});

test("docs/conformance.md names only types that there are", () => {
  const missing = rows.flatMap(({ diffrax, here }) =>
    [...here.matchAll(/((?:`[^`]+`(?:, )?)+) \(types?(?:, of `(?<home>[\w-]+)`)?\)/gu)].flatMap(
      (found) => {
        const home = found.groups?.["home"] ?? "core";
        const index = readFileSync(new URL(`../../${home}/src/index.ts`, import.meta.url), "utf8");
        return names(found[1]!)
          .filter((name) => !new RegExp(`\\b${name}\\b`, "u").test(index))
          .map((name) => `${diffrax}: ${name} of ${home}`);
      },
    ),
  );
  expect(missing).toEqual([]);
});

test("a name that Diffrax deprecates throws, and says which takes its place", () => {
  for (const name of figures.deprecated) {
    const deprecated = (core as Readonly<Record<string, unknown>>)[name] as () => unknown;
    expect(deprecated).toThrow(new RegExp(`^${name}: deprecated in Diffrax, .*; write `, "u"));
  }
});
