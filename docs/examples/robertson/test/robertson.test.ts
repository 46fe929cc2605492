import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { stepsOf } from "../../shared/stepsOf.ts";

test("npm run example -- robertson prints the steps of an implicit and an explicit solver, and draws them", async () => {
  const { status, stdout, stderr, svg } = await runExample("robertson", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const steps = [...stdout.matchAll(/^(\w+) +(\d+) +(\d+)$/gm)].map(([, ...row]) => row);
  expect(steps.map(([name, t1]) => `${name} ${t1}`)).toEqual([
    "Kvaerno5 10",
    "Tsit5 10",
    "Kvaerno5 100000000",
  ]);
  const [implicit, explicit, long] = steps.map((row) => Number(row[2]));
  expect(explicit! / implicit!).toBeGreaterThan(100);
  expect(long).toBeLessThan(250);
  for (const name of ["a", "10⁴ b", "c", "Kvaerno5", "Tsit5"])
    expect(svg).toContain(`>${name}</text>`);
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("stepsOf(name, ends) gives the lengths of steps, and of many only some", () => {
  expect(stepsOf("a", [0, 1, 3])).toEqual({ name: "a", x: [1, 3], y: [1, 2] });
  const { x, y } = stepsOf("b", Array.from({ length: 10_000 }).keys());
  expect([...x].length).toBeLessThan(500);
  expect(new Set(y)).toEqual(new Set([1]));
});
