import {
  jacrev,
  leastSquares,
  LevenbergMarquardt,
  linearSolve,
  np,
  type Scalar,
} from "@diffrax-ts/core";
import { impactsOf, type Properties } from "./ball.ts";

/** A guess, and how far its impacts are from those that were heard: the root of the mean square, in seconds. */
export interface Guess {
  readonly ball: Properties;
  readonly error: number;
}

/** What was fitted, and how well that is known. */
export interface Fit extends Guess {
  readonly steps: number;
  /** By the residuals, and the derivatives of the impacts. */
  readonly standardErrors: Properties;
}

type Logs = Readonly<Record<keyof Properties, Scalar>>;

const names = ["height", "restitution", "drag"] as const;

/** Impacts by a ball, given by logarithms so that none of its properties is below 0, minus those that were heard. */
function residuals({ height, restitution, drag }: Logs, heard: Float64Array) {
  const ball = { height: np.exp(height), restitution: np.exp(restitution), drag: np.exp(drag) };
  return np.sub(impactsOf(ball, heard.length), heard);
}

/** The ball whose impacts are nearest to those that were heard, by least squares from a first guess. */
export function fit(first: Properties, heard: Float64Array): Fit {
  const logs = {
    height: Math.log(first.height),
    restitution: Math.log(first.restitution),
    drag: Math.log(first.drag),
  };
  const solver = LevenbergMarquardt({ rtol: 1e-8, atol: 1e-8 });
  const off = (guess: Logs) => residuals(guess, heard);
  const { value, stats } = leastSquares(off, solver, logs);
  const error = errorOf(off(value));
  const ball = propertiesOf(value);
  const slopes = jacrev(off)(value);
  const columns = names.map((name) => [...slopes[name]]);
  const variances = inverseDiagonal(columns.map((a) => columns.map((b) => dot(a, b))));
  const sigma = error * Math.sqrt(heard.length / (heard.length - names.length));
  const errors = names.map((name, i) => [name, ball[name] * sigma * Math.sqrt(variances[i]!)]);
  const standardErrors = Object.fromEntries(errors) as unknown as Properties;
  return { ball, error, steps: stats.numSteps as number, standardErrors };
}

/** The first guess, as far as it is from what was heard. */
export function guess(ball: Properties, heard: Float64Array): Guess {
  return { ball, error: errorOf(np.sub(impactsOf(ball, heard.length), heard)) };
}

function propertiesOf({ height, restitution, drag }: Logs): Properties {
  return {
    height: Math.exp(height.item()),
    restitution: Math.exp(restitution.item()),
    drag: Math.exp(drag.item()),
  };
}

function errorOf(off: Iterable<number>): number {
  const all = [...off];
  return Math.sqrt(dot(all, all) / all.length);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

/** The diagonal of the inverse of a matrix. */
function inverseDiagonal(rows: readonly (readonly number[])[]): readonly number[] {
  const matrix = np.tensor(rows);
  return rows.map((row, i) => {
    const unit = Float64Array.from(row, (_, j) => (i === j ? 1 : 0));
    return linearSolve(matrix, unit).value.at(i).item();
  });
}
