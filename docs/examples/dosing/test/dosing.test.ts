import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { body, concentrations } from "../drug.ts";
import { clock, every, slopeOfDelay } from "../fit.ts";

test("npm run example -- dosing prints the doses, and draws the concentrations", async () => {
  const { status, stdout, stderr, svg } = await runExample("dosing", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^first one larger +\d+ mg +\d+ mg +\d+\.\d mg\/l +\d+ %$/m);
  for (const name of ["all alike", "first one larger", "third one late", "window"])
    expect(svg).toContain(`>${name}</text>`);
  expect(svg).not.toMatch(/NaN|undefined/);
});

/** What one tablet leaves in the blood, in milligrams a litre: Bateman's function. */
function bateman(dose: number, since: number): number {
  const { absorption: ka, elimination: ke, volume } = body;
  const left = Math.exp(-ke * since) - Math.exp(-ka * since);
  return since < 0 ? 0 : ((dose / volume) * ka * left) / (ka - ke);
}

test("several tablets add up, and to be late has its derivative", () => {
  const times = every(12, 2);
  const ts = clock(48, 1);
  const found = [...concentrations({ times, first: 400, others: 200 }, ts)];
  for (const [i, t] of ts.entries()) {
    const sum = times.reduce((all, time, k) => all + bateman(k === 0 ? 400 : 200, t - time), 0);
    expect(found[i]).toBeCloseTo(sum, 6);
  }
  const h = 1e-4;
  const later = (delay: number): number => bateman(200, 30 - 24 - delay);
  const slope = slopeOfDelay({ times, first: 400, others: 200 }, 2, 30);
  expect(slope).toBeCloseTo((later(h) - later(-h)) / (2 * h), 5);
});
