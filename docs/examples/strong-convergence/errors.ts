import { jit, np, type Scalar, vmap } from "@diffrax-ts/core";
import { type Key, split } from "@diffrax-ts/random";
import { exact, type MethodName, solved } from "./price.ts";

/**
 * The root of the mean square of the error at the end, over so many paths, for each of some numbers of steps. All of them are one compiled
 * function of the length of a step.
 */
export function strongErrors(
  name: MethodName,
  { steps, paths, key }: { steps: readonly number[]; paths: number; key: Key },
): number[] {
  const squared = (own: Key, dt0: Scalar): Scalar =>
    np.square(np.sub(solved(name, { dt0, key: own }).at(-1), exact(1, own)));
  const all = jit(vmap(squared, { inAxes: [0, null] }));
  const keys = split(key, paths);
  return steps.map((count) => Math.sqrt(np.mean(all(keys, 1 / count)).item()));
}

/** The slope of errors over steps in logarithms: the order that was observed. */
export function observedOrder(steps: readonly number[], errors: readonly number[]): number {
  const xs = steps.map((n) => -Math.log(n));
  const ys = errors.map((error) => Math.log(error));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const covariance = mean(xs.map((x, i) => (x - mx) * (ys[i]! - my)));
  return covariance / mean(xs.map((x) => (x - mx) ** 2));
}
