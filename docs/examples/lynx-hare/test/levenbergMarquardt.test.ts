import { expect, test } from "vitest";
import { levenbergMarquardt } from "../levenbergMarquardt.ts";

const options = { tolerance: 1e-9, maxIterations: 100, longestStep: 10 };

test("levenbergMarquardt fits the line 2 + 3 t to points on it in a few iterations", () => {
  const times = [0, 1, 2, 3];
  const found = levenbergMarquardt(
    ([a, b]: readonly [number, number]) => ({
      residuals: times.map((t) => a + b * t - (2 + 3 * t)),
      columns: [times.map(() => 1), times],
    }),
    [0, 0],
    options,
  );
  expect(found.isConverged).toBe(true);
  expect(found.point[0]).toBeCloseTo(2, 8);
  expect(found.point[1]).toBeCloseTo(3, 8);
  // Linear: only the damping, which starts at 0.01 and falls to a fifth each time, keeps it from one step.
  expect(found.iterations).toBeLessThan(8);
});

/** Rosenbrock's valley: residuals 10 (y − x²) and 1 − x, 0 at [1, 1]. */
function valley([x, y]: readonly [number, number]) {
  return {
    residuals: [10 * (y - x * x), 1 - x],
    columns: [
      [-20 * x, -1],
      [10, 0],
    ],
  };
}

test("levenbergMarquardt comes through Rosenbrock's valley", () => {
  const { point, halfSumOfSquares, isConverged } = levenbergMarquardt(valley, [-1.2, 1], options);
  expect(isConverged).toBe(true);
  expect(point[0]).toBeCloseTo(1, 8);
  expect(point[1]).toBeCloseTo(1, 8);
  expect(halfSumOfSquares).toBeLessThan(1e-15);
});

test("levenbergMarquardt says that it has not converged, and never makes the sum larger", () => {
  const few = levenbergMarquardt(valley, [-1.2, 1], { ...options, maxIterations: 3 });
  expect(few).toMatchObject({ isConverged: false, iterations: 3 });
  expect(few.halfSumOfSquares).toBeLessThan(12.1); // where it began
});

test("levenbergMarquardt does not try a step that is too long, or into what is not a number", () => {
  const tried: number[] = [];
  const root = ([x]: readonly [number]) => {
    tried.push(x);
    return { residuals: [Math.sqrt(x) - 0.1], columns: [[0.5 / Math.sqrt(x)]] };
  };
  const found = levenbergMarquardt(root, [4], { ...options, longestStep: 1 });
  expect(found.isConverged).toBe(true);
  expect(found.point[0]).toBeCloseTo(0.01, 8);
  for (let i = 1; i < tried.length; i++) {
    expect(Math.abs(tried[i]! - tried[i - 1]!)).toBeLessThan(2); // from a try that was taken back: twice
  }
});

test("levenbergMarquardt from a point without a value stays there, not converged", () => {
  const nowhere = () => ({ residuals: [Number.NaN], columns: [[1]] });
  expect(levenbergMarquardt(nowhere, [1], options)).toMatchObject({
    point: [1],
    isConverged: false,
  });
});
