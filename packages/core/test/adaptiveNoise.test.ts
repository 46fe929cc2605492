import {
  ClipStepSizeController,
  HalfSolver,
  ItoMilstein,
  jit,
  np,
  PIDController,
  SPaRK,
  VirtualBrownianTree,
  vmap,
} from "@diffrax-ts/core";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { key, type Key, split } from "@diffrax-ts/random";
import { describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

// Steps are rejected because of their noise. If what is known of it by then were forgotten, the solution would have another law; here by less than
// is seen with so many paths.

vi.spyOn(console, "warn").mockImplementation(() => undefined);

const numPaths = 3000;
const keys = split(key(11), numPaths);

interface Ended {
  readonly y: Tensor;
  readonly numRejectedSteps: Scalar;
}

/** Where solutions end with steps that adapt and visit rejected ends again, one for each key. */
function endsOf(terms: object, solver: unknown, y0: unknown, shape: readonly number[]): Ended {
  const end = (one: Key): Ended => {
    const tree = { t0: 0, t1: 1, tol: 2 ** -30, shape, levyArea: "SpaceTimeLevyArea" } as const;
    const control = VirtualBrownianTree({ ...tree, key: one });
    const controller = PIDController({ rtol: 0.02, atol: 0.01, dtmin: 2 ** -10 });
    const { ys, stats } = solveParts<Tensor | readonly Tensor[]>({ ...terms, control }, solver, {
      t0: 0,
      t1: 1,
      dt0: 0.25,
      y0,
      stepsizeController: ClipStepSizeController({ controller, storeRejectedSteps: 100 }),
      maxSteps: 2000,
    });
    return {
      y: np.stack([ys].flat().map((leaf) => leaf.at(0))),
      numRejectedSteps: stats.numRejectedSteps as never,
    };
  };
  return jit((all: Key) => vmap(end)(all))(keys) as never;
}

/** How many standard deviations the mean of numbers is from where it should be. */
function offBy(numbers: readonly number[], mean: number): number {
  const seen = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - seen) ** 2, 0) / (numbers.length - 1);
  return Math.abs(seen - mean) / Math.sqrt(variance / numbers.length);
}

// A mean that is right is off by more than 3.9 standard deviations once in 10 000 seeds.
const mostOff = 3.9;

describe("steps that adapt and visit rejected ends again leave the law of", () => {
  test("a Lévy area as it is: (w₁, ∫ w₁ ∘ dw₂), with SPaRK", () => {
    const terms = {
      drift: (_t: number, _y: readonly number[]) => [0, 0],
      diffusion: (_t: number, [w]: readonly [number, number]) => [
        [1, 0],
        [0, w],
      ],
    };
    const { y, numRejectedSteps } = endsOf(terms, SPaRK(), [0, 0], [2]);
    const rows = y.toArray() as [number, number][];
    expect(np.mean(numRejectedSteps).item()).toBeGreaterThan(1);
    expect(offBy(rows.map(([, area]) => area), 0)).toBeLessThan(mostOff); // prettier-ignore
    expect(offBy(rows.map(([, area]) => area * area), 1 / 2)).toBeLessThan(mostOff); // prettier-ignore
    expect(offBy(rows.map(([w, area]) => w * w * area * area), 7 / 6)).toBeLessThan(mostOff); // prettier-ignore
  });

  test("a martingale as it is: dy = y dw in the sense of Itô, with HalfSolver(ItoMilstein())", () => {
    const terms = { drift: () => 0, diffusion: (_t: number, y: number) => y };
    const { y, numRejectedSteps } = endsOf(terms, HalfSolver(ItoMilstein()), 1, []);
    const ends = (y.toArray() as number[][]).flat();
    expect(np.mean(numRejectedSteps).item()).toBeGreaterThan(1);
    expect(offBy(ends, 1)).toBeLessThan(mostOff);
    expect(offBy(ends.map((x) => Math.log(x)), -1 / 2)).toBeLessThan(mostOff); // prettier-ignore
  });
});
