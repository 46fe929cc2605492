import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { energyOf, onLine } from "../henonHeiles.ts";
import { section } from "../section.ts";

test("npm run example -- poincare-section prints how well the energy is kept, and draws the crossings", async () => {
  const { status, stdout, stderr, svg } = await runExample("poincare-section", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^chaotic +100 +\d+\.\d +\de-\d+$/m);
  for (const name of ["right", "above", "chaotic"]) expect(svg).toContain(`>${name}</text>`);
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("every crossing lies on the line, goes to the right and has the energy of the start", () => {
  const { ts, stars } = section(onLine(1 / 8, 0.2, 0), 50);
  expect(ts.every((t, i) => i === 0 || t > ts[i - 1]!)).toBe(true);
  for (const star of stars) {
    expect(star[0]).toBeCloseTo(0, 9);
    expect(star[2]).toBeGreaterThan(0);
    expect(energyOf(star)).toBeCloseTo(1 / 8, 8);
  }
});
