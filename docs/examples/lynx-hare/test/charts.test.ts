import { expect, test } from "vitest";
import { brailleCanvas } from "../brailleCanvas.ts";
import { captionsOf } from "../captionsOf.ts";
import { dataTable } from "../dataTable.ts";
import type { Observations } from "../Observations.ts";
import { picture } from "../picture.ts";
import { panelsOf } from "../Series.ts";
import type { Curves } from "../solveModel.ts";
import { terminalChart } from "../terminalChart.ts";
import { ticks } from "../ticks.ts";

const observations: Observations = {
  names: { time: "year", prey: "hare & co", predator: "lynx" },
  times: [0, 5, 10],
  prey: [0, 9, 1],
  predator: [6, 2, 8],
};
const stats = { numSteps: 1, numAcceptedSteps: 1, numRejectedSteps: 0, maxSteps: null };
const model: Curves = { times: [0, 5, 10], prey: [0, 10, 0], predator: [10, 0, 10], stats };
const small: Observations = { ...observations, predator: [0.6, 0.2, 0.8] };
const smallModel: Curves = { ...model, predator: [1, 0, 1] };

test("ticks are round numbers within their bounds", () => {
  expect(ticks(0, 77.4, 5)).toEqual([0, 20, 40, 60]);
  expect(ticks(1900, 1920, 5)).toEqual([1900, 1905, 1910, 1915, 1920]);
  expect(ticks(0.03, 0.29, 3)).toEqual([0.1, 0.2]);
});

test("brailleCanvas has 2 × 4 dots in a character, and marks lie over dots", () => {
  const canvas = brailleCanvas<string>(2, 1);
  for (const [x, y] of [
    [0, 0],
    [1, 3],
    [2, 0],
    [-1, 0],
    [4, 0],
    [0, 4],
  ] as const)
    canvas.dot(x, y, "a");
  canvas.mark(2, 1, "b", "●");
  canvas.dot(3, 3, "a");
  expect(canvas.rows()).toEqual([
    [
      { character: "⢁", kind: "a" },
      { character: "●", kind: "b" },
    ],
  ]);
});

test("terminalChart draws lines, marks, axes and a legend, no wider than asked", () => {
  const [panel] = panelsOf(observations, model);
  const chart = terminalChart(panel!, { width: 27, height: 5, color: false });
  expect(chart).toMatchInlineSnapshot(`
    "    ● solid: hare & co   ◆ dotted: lynx
    10 ┤⠁        ⡠⠊●⢄       ⡀
       │  ⠁ ⡀  ⡠⠊    ⠑⢄   ⠄  ◆
       │◆   ⢀⠔⡉        ⠉⠦⡀
       │  ⣀⠔⠁   ⠄  ◆  ⠂  ⠈⠢⣀
     0 ┤●⠊        ⠄ ⠂       ⠑●
       └┴─────────┴──────────┴
        0         5         10"
  `);
  const wide = terminalChart(panel!, { width: 60, height: 5, color: false }).split("\n");
  expect(Math.max(...wide.map((line) => line.length))).toBeLessThanOrEqual(60);
});

test("terminalChart uses colours only if asked", () => {
  const [panel] = panelsOf(observations, model);
  const size = { width: 60, height: 5 };
  expect(terminalChart(panel!, { ...size, color: false })).not.toContain("\u001B");
  const lines = terminalChart(panel!, { ...size, color: true });
  expect(lines).toContain("\u001B[38;5;32m● hare & co\u001B[0m");
  expect(lines).toContain("\u001B[38;5;208m◆ lynx\u001B[0m");
});

test("panelsOf gives species of like size one panel, and others one each", () => {
  expect(panelsOf(observations, model).map((panel) => panel.length)).toEqual([2]);
  expect(panelsOf(small, smallModel).map((panel) => panel.length)).toEqual([1, 1]);
});

test("picture is an SVG file with all points, lines, names, and titles", async () => {
  const captions = captionsOf(observations, "own.csv");
  for (const panels of [panelsOf(observations, model), panelsOf(small, smallModel)]) {
    const svg = await picture(panels, captions);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[\s\S]*<\/svg>$/);
    for (const text of [
      captions.title,
      ...captions.subtitle,
      "hare & co",
      "lynx",
      "count",
      "year",
    ]) {
      expect(svg).toContain(`>${text.replace("&", "&amp;")}</t`);
    }
    expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(6);
    expect(svg.match(/aria-roledescription="line mark"/g)).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|undefined/);
  }
});

test("dataTable gives three digits to the largest number, and leaves out the middle of long files", () => {
  expect(dataTable(observations, model)).toMatchInlineSnapshot(`
    "year   hare & co   model   lynx   model
       0        0.00    0.00   6.00   10.00
       5        9.00   10.00   2.00    0.00
      10        1.00    0.00   8.00   10.00"
  `);
  const n = 100;
  const long = Array.from({ length: n }, (_, i) => i);
  const lines = dataTable(
    { ...observations, times: long, prey: long, predator: long },
    { ...model, times: long, prey: long, predator: long },
  ).split("\n");
  expect(lines).toHaveLength(62);
  expect(lines[31]).toBe("… 40 more rows …");
});
