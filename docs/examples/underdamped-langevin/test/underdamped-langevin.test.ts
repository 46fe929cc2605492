import { np, QUICSORT } from "@diffrax-ts/core";
import { key, normal } from "@diffrax-ts/random";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { distance, distanceByChance } from "../distance.ts";
import { densityAt, potentialSlope, probabilityBelow, twoHills } from "../mixture.ts";
import { oscillators } from "../oscillator.ts";
import { sample } from "../sample.ts";

test("npm run example -- underdamped-langevin --quick prints distances, and draws paths and a density", async () => {
  const { status, stdout, stderr, svg } = await runExample("underdamped-langevin", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  for (const name of ["QUICSORT", "ShOULD", "ALIGN", "Euler"])
    expect(stdout).toMatch(new RegExp(String.raw`^${name} +0\.\d+ +120 +0\.\d{4}$`, "m"));
  expect(svg).toContain(">γ = 0.5</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("potentialSlope is the derivative of -log of the density, and probabilityBelow its integral", () => {
  for (const x of [-2.3, -0.4, 0, 1.7]) {
    const h = 1e-5;
    const [ahead, behind] = [x + h, x - h].map((at) => densityAt(at, twoHills));
    const slope = (Math.log(behind!) - Math.log(ahead!)) / (2 * h);
    expect(potentialSlope(x, twoHills)).toBeCloseTo(slope, 8);
    const [more, less] = probabilityBelow(Float64Array.of(x + h, x - h), twoHills);
    expect((more! - less!) / (2 * h)).toBeCloseTo(densityAt(x, twoHills), 8);
  }
  expect([...probabilityBelow(Float64Array.of(-20, 20), twoHills)]).toEqual([0, 1]);
});

test("distance is that of Kolmogorov and Smirnov", () => {
  const uniform = (xs: Float64Array) => xs;
  expect(distance([0.5], uniform)).toBe(0.5);
  expect(distance([0.125, 0.375, 0.625, 0.875], uniform)).toBe(0.125);
  expect(distance([0.9, 0.8], uniform)).toBe(0.8);
  const exact = normal(key(3), [1000]);
  const below = (xs: Float64Array) =>
    Float64Array.from(np.erf(np.div(xs, Math.SQRT2)), (x) => (1 + x) / 2);
  expect(distance(exact, below)).toBeLessThan(distanceByChance(1000));
});

test("sample draws from the mixture", () => {
  const drawn = sample({ solver: QUICSORT(), dt0: 0.5, t1: 30 }, 2000, key(0));
  // Of a right sample the distance is above this with the probability 1e-3.
  expect(distance(drawn, (xs) => probabilityBelow(xs, twoHills))).toBeLessThan(
    1.95 / Math.sqrt(2000),
  );
});

test("oscillators are the paths of a key", () => {
  const { ts, xs } = oscillators(0);
  expect(xs.shape).toEqual([400, 2]);
  expect(ts.at(-1).item()).toBe(20);
  expect(oscillators(0).xs.toArray()).toEqual(xs.toArray());
  expect(oscillators(1).xs.toArray()).not.toEqual(xs.toArray());
});
