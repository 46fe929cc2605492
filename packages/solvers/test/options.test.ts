import {
  Bosh3,
  Dopri5,
  Dopri8,
  Euler,
  HalfSolver,
  Heun,
  Midpoint,
  Ralston,
  Tsit5,
} from "@diffrax-ts/solvers";
import { expect, test } from "vitest";

const makers = { Bosh3, Dopri5, Dopri8, Heun, Midpoint, Ralston, Tsit5 };

test.each(Object.entries(makers))("%s refuses an option that there is not", (name, make) => {
  expect(() => make({ scanKind: "lax" } as never)).toThrow(
    `${name}: there is no option scanKind, only scanStages`,
  );
  expect(make({ scanStages: true }).scanStages).toBe(true);
});

test("Euler has no options", () => {
  expect(Euler).toHaveLength(0);
});

test("HalfSolver refuses what is no solver", () => {
  expect(() => HalfSolver(Euler as never)).toThrow(
    "HalfSolver: solver is the function Euler; call it: Euler()",
  );
  expect(() => HalfSolver(undefined as never)).toThrow(
    "HalfSolver: solver must be one such as Tsit5(), got undefined",
  );
});
