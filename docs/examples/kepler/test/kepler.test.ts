import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { energyErrors, orbits } from "../orbits.ts";

test("npm run example -- kepler prints the errors of the energy over the turns, and draws them", async () => {
  const { status, stdout, stderr, svg } = await runExample("kepler", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^StormerVerlet +1\.9e-3 +1\.9e-3 +1\.9e-3$/m);
  for (const name of ["Heun", "Tsit5", "StormerVerlet", "Yoshida4"])
    expect(svg).toContain(`>${name}</text>`);
  expect(svg).toContain(">10⁻³</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("the energy of the symplectic methods errs as much in the last turn as in the first, that of the others more", () => {
  const growth = Object.fromEntries(
    orbits(50).map((orbit) => {
      const errors = energyErrors(orbit);
      return [orbit.name, errors.at(-1)! / errors[0]!];
    }),
  );
  expect(growth["StormerVerlet"]).toBeCloseTo(1);
  expect(growth["Yoshida4"]).toBeCloseTo(1);
  expect(growth["Heun"]).toBeGreaterThan(10);
  expect(growth["Tsit5"]).toBeGreaterThan(10);
});
