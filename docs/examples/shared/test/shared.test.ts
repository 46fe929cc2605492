import { join } from "node:path";
import process from "node:process";
import { expect, test } from "vitest";
import { specOf } from "../chart.ts";
import { readOptions } from "../readOptions.ts";
import { svgOf } from "../svgOf.ts";
import { table } from "../table.ts";
import { runExample } from "./runExample.ts";

test("readOptions reads --quick and --svg, and refuses what it does not know with the way out", () => {
  expect(readOptions("hessian", [])).toEqual({ quick: false, help: false });
  const all = readOptions("hessian", ["--quick", "--svg", "a.svg"]);
  expect(all).toEqual({ quick: true, help: false, svg: "a.svg" });
  const message = /^Unknown option '--fast'\n\nnpm run example -- hessian \[options\]/;
  expect(() => readOptions("hessian", ["--fast"])).toThrow(message);
  expect(() => readOptions("hessian", ["a.csv"])).toThrow(/^Unexpected argument 'a\.csv'/);
});

test("table aligns the first column on the left and the others on the right", () => {
  const rows = [
    ["name", "value"],
    ["a", "1.5"],
  ];
  expect(table(rows)).toBe("name   value\na        1.5");
});

test("a chart is drawn as an SVG with titles, names, lines and points, and short coordinates", async () => {
  const x = [0, 1, 2];
  const svg = await svgOf(
    specOf({
      title: "A title",
      subtitle: ["a subtitle"],
      panels: [
        {
          xTitle: "time",
          yTitle: "size",
          curves: [
            { name: "one", x, y: [1, 2, 1.5] },
            { name: "two", x, y: [2, 1, 1 / 3], mark: "points" },
          ],
        },
      ],
    }),
  );
  expect(svg).toMatch(/^<svg [\s\S]*<\/svg>$/);
  for (const text of ["A title", "a subtitle", "time", "size", "one", "two"]) {
    expect(svg).toContain(`>${text}</text>`);
  }
  expect(svg.match(/class="mark-line role-mark/g)).toHaveLength(1);
  expect(svg).not.toMatch(/NaN|undefined|\d\.\d{3}/);
});

test.each([
  [["--fast"], "Unknown option '--fast'"],
  [["--svg", join(process.execPath, "a.svg")], "the picture cannot be written to "],
])("an example with %s … fails with one message and no stack", async (args, message) => {
  const { status, stderr } = await runExample("hessian", ...args);
  expect(status).toBe(1);
  expect(stderr.startsWith(message)).toBe(true);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("an example with --help says how it is run, and does nothing", async () => {
  const { status, stdout, svg } = await runExample("hessian", "--help");
  expect(status).toBe(0);
  expect(stdout).toContain("npm run example -- hessian [options]\n");
  expect(svg).toBe("");
});
