import { np } from "@diffrax-ts/core";
import { key, normal, uniform } from "@diffrax-ts/random";
import { expect, test } from "vitest";
import { oscillators } from "../../neural-ode/oscillators.ts";
import { runExample } from "../../shared/test/runExample.ts";
import { bestSums, mostTelling } from "../bestSums.ts";
import { equationText } from "../Equation.ts";
import { refine } from "../refine.ts";
import { solveLinear } from "../solveLinear.ts";
import { terms } from "../terms.ts";

test("npm run example -- symbolic-regression --quick prints sums of terms and two equations, and draws them", async () => {
  const { status, stdout, stderr, svg } = await runExample("symbolic-regression", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout.match(/^[xy]' = .* \d\.\de-\d$/gm)).toHaveLength(8);
  expect(stdout).toMatch(/^found: x' = .*, y' = .*$/m);
  expect(stdout).toMatch(/^with refined constants: x' = .*, y' = .*$/m);
  expect(svg).toContain(">refined</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("mostTelling(bestSums(…)) finds the terms that slopes with some noise are made of", () => {
  const places = uniform(key(0), [500, 2], { minval: -0.6, maxval: 1 });
  const [x, y] = [0, 1].map((k) => np.slice(places, null, k));
  const noise = normal(key(1), [500]).mul(0.01);
  const one = x!.div(x!.add(1)).mul(-1).add(noise);
  expect(equationText(mostTelling(bestSums(places, one, 3)))).toBe("-1.00 x / (x + 1.00)");
  const two = np.sin(y!).mul(0.5).sub(x!.mul(x!).mul(2)).add(noise);
  expect(equationText(mostTelling(bestSums(places, two, 3)))).toBe("-2.00 x² + 0.50 sin(1.00 y)");
});

test("refine finds the constants that the paths were made with", () => {
  const ts = np.linspace(0, 5, 11);
  const ys = oscillators(ts, 8, key(2));
  const [x, y] = ["x / (x + b)", "y / (y + b)"].map((text) => terms.filter((t) => t.text === text));
  const [equationOfX, equationOfY] = refine(
    [
      { terms: y!, constants: [{ a: 0.9, b: 1 }] },
      { terms: x!, constants: [{ a: -0.9, b: 1.1 }] },
    ],
    ts,
    ys,
    400,
  );
  expect(equationText(equationOfX)).toBe("1.00 y / (y + 1.00)");
  expect(equationText(equationOfY)).toBe("-1.00 x / (x + 1.00)");
});

test("equationText writes signs once, and 0 for no terms", () => {
  const [one, , , , , , sine] = terms;
  const constants = [
    { a: 2, b: 1 },
    { a: -1, b: -3 },
  ];
  expect(equationText({ terms: [one!, sine!], constants })).toBe("2.00 - 1.00 sin(-3.00 x)");
  expect(equationText({ terms: [], constants: [] })).toBe("0");
});

test("solveLinear([[0, 2], [1, 1]], [4, 3]) is [1, 2]", () => {
  const matrix = [
    [0, 2],
    [1, 1],
  ];
  expect(solveLinear(matrix, [4, 3])).toEqual([1, 2]);
});
