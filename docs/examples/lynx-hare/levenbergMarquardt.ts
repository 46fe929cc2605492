import { dot, solvePositive } from "./solvePositive.ts";

/** Residuals at a point, and for each unknown a column of their derivatives with respect to it. */
export interface Linearized {
  readonly residuals: readonly number[];
  readonly columns: readonly (readonly number[])[];
}

/** When to stop. */
export interface LeastSquaresOptions {
  /** A point is good if from there a full step would move no unknown by more than this. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Steps that move an unknown further than this are not tried. */
  readonly longestStep: number;
}

/** Where the search ended. */
export interface LeastSquares<Point> {
  readonly point: Point;
  readonly halfSumOfSquares: number;
  readonly iterations: number;
  readonly isConverged: boolean;
}

/**
 * Levenberg and Marquardt's method: a point near the first where `S = ½ Σ rᵢ²` is least.
 *
 * The steps `d` solve `(JᵀJ + λ diag(JᵀJ)) d = −Jᵀr`. With a small `λ` they are those of Gauss and Newton. A step that does
 * not make `S` smaller is taken back, and the next one is made shorter by a larger `λ`.
 */
export function levenbergMarquardt<Point extends readonly number[]>(
  linearize: (point: Point) => Linearized,
  first: Point,
  { tolerance, maxIterations, longestStep }: LeastSquaresOptions,
): LeastSquares<Point> {
  let [point, here, damping] = [first, linearize(first), 0.01];
  for (let iterations = 0; ; iterations++) {
    const { columns } = here;
    const normal = columns.map((row) => columns.map((column) => dot(row, column))); // JᵀJ
    const gradient = columns.map((column) => dot(column, here.residuals)); //          Jᵀr
    const isConverged = isWithin(tolerance, solvePositive(normal, gradient));
    if (isConverged || iterations === maxIterations) {
      return { point, halfSumOfSquares: halfSum(here), iterations, isConverged };
    }
    const damped = normal.map((row, i) => row.map((x, j) => (i === j ? x * (1 + damping) : x)));
    const step = solvePositive(damped, gradient);
    const nextPoint = point.map((x, i) => x - step[i]!) as readonly number[] as Point;
    const next = isWithin(longestStep, step) ? linearize(nextPoint) : undefined;
    if (next !== undefined && halfSum(next) < halfSum(here)) {
      [point, here, damping] = [nextPoint, next, damping / 5];
    } else {
      damping *= 4;
    }
  }
}

function halfSum({ residuals }: Linearized): number {
  return dot(residuals, residuals) / 2;
}

/** Whether no component is larger. `NaN` is. */
function isWithin(bound: number, step: readonly number[]): boolean {
  return step.every((component) => Math.abs(component) <= bound);
}
