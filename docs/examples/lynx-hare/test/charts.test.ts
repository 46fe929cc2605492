import { expect, test } from "vitest";
import { brailleCanvas } from "../brailleCanvas.ts";
import { captionsOf } from "../captionsOf.ts";
import { dataTable } from "../dataTable.ts";
import type { Observations } from "../Observations.ts";
import { svgOf } from "../../shared/svgOf.ts";
import { pictureOf } from "../picture.ts";
import { seriesOf } from "../Series.ts";
import { significant } from "../significant.ts";
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
const guess: Curves = { times: [0, 5, 10], prey: [5, 5, 5], predator: [5, 40, 5], stats };
const models = [
  { name: "fit", curves: model },
  { name: "first guess", curves: guess },
];

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

test("terminalChart draws data, two kinds of lines, axes and a legend, no wider than asked", () => {
  const [prey] = seriesOf(observations, models);
  const chart = terminalChart(prey!, { width: 27, height: 5, color: false });
  expect(chart).toMatchInlineSnapshot(`
    "    ● hare & co   solid: fit   dotted: first guess
    10 ┤         ⡠⠊●⢄
       │       ⡠⠊    ⠑⢄
       │⠄ ⠄ ⢄⠔⠍ ⠄ ⠄ ⠄ ⠄⠉⠦⡀⠄ ⠄
       │  ⣀⠔⠁            ⠈⠢⣀
     0 ┤●⠊                  ⠑●
       └┴─────────┴──────────┴
        0         5         10"
  `);
  const wide = terminalChart(prey!, { width: 60, height: 5, color: false }).split("\n");
  expect(Math.max(...wide.map((line) => line.length))).toBeLessThanOrEqual(60);
});

test("terminalChart uses colours only if asked", () => {
  const [, predator] = seriesOf(observations, models);
  const size = { width: 60, height: 5 };
  expect(terminalChart(predator!, { ...size, color: false })).not.toContain("\u001B");
  const lines = terminalChart(predator!, { ...size, color: true });
  expect(lines).toContain("◆ lynx   \u001B[38;5;208msolid: fit\u001B[0m");
});

test("seriesOf shows all of the data and the first line, and of another line half as much again at most", () => {
  expect(seriesOf(observations, models).map(({ highest }) => highest)).toEqual([10, 15]);
  const alone = seriesOf(observations, models.slice(0, 1));
  expect(alone.map(({ highest, lines }) => [highest, lines.length])).toEqual([
    [10, 1],
    [10, 1],
  ]);
});

test("a picture is an SVG file with all points, lines, names, and titles", async () => {
  const captions = captionsOf(observations, { file: "own.csv", fit: true });
  const svg = await svgOf(pictureOf(seriesOf(observations, models), captions));
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[\s\S]*<\/svg>$/);
  for (const text of [captions.title, ...captions.subtitle, "hare & co", "lynx", "count", "year"]) {
    expect(svg).toContain(`>${text.replace("&", "&amp;")}</t`);
  }
  expect(svg.match(/>fit<\/text>/g)).toHaveLength(2);
  expect(svg.match(/>first guess<\/text>/g)).toHaveLength(2);
  expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(6);
  expect(svg.match(/aria-roledescription="line mark"/g)).toHaveLength(4);
  expect(svg.match(/stroke-dasharray="6,4"/g)).toHaveLength(2);
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("a picture keeps the names of lines that end at the same place 20 pixels apart", async () => {
  const same = [models[0]!, { name: "first guess", curves: model }];
  const svg = await svgOf(
    pictureOf(
      seriesOf(observations, same),
      captionsOf(observations, { file: "own.csv", fit: true }),
    ),
  );
  const heightOf = (name: string) =>
    Number(new RegExp(`translate\\([\\d.]+,([\\d.]+)\\)"[^>]*>${name}</text>`).exec(svg)![1]);
  expect(heightOf("first guess") - heightOf("fit")).toBeCloseTo(20, 1); // coordinates are rounded
});

test("captionsOf says whether the model was fitted", () => {
  expect(captionsOf(observations, { fit: true }).subtitle[1]).toContain("fitted to them");
  expect(captionsOf(observations, { fit: false }).subtitle[1]).toContain("not fitted");
});

test("significant(value, digits) writes so many digits, and powers of ten where there would be many zeros", () => {
  expect(significant(0.5402, 2)).toBe("0.54");
  expect(significant(34.6, 4)).toBe("34.60");
  expect(significant(20380609.4, 4)).toBe("20380609");
  expect(significant(3.784e-10, 4)).toBe("3.784e-10");
  expect(significant(2e9, 3)).toBe("2.00e+9");
  expect(significant(0, 3)).toBe("0");
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
