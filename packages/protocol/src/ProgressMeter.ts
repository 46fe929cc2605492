import { describeValue, isMaker } from "@diffrax-ts/pytree";
import { isRecord } from "./Member.ts";
import type { Result } from "./results.ts";

/** A meter that shows a solve. */
export interface RunningMeter {
  /** @param progress - The part of the way from `t0` to `t1`, from 0 to 1; 0 where `t1` is infinite. It never decreases. */
  update(progress: number): void;
  /**
   * Called once, whatever becomes of the solve.
   *
   * @param result - How it ended; `null` if it threw.
   */
  close(result: Result | null): void;
}

/** Shows how far a solve has come: any record with such a `start`. */
export interface ProgressMeter {
  /** It is told after so many steps, rejected ones included. @defaultValue 1 */
  readonly refreshSteps?: number;
  /** Begins to show a solve. A meter may show several at a time. */
  start(): RunningMeter;
}

/** Holds a record against the interface of progress meters, as `checkSolver` does for solvers. */
export function checkProgressMeter(name: string, value: unknown): ProgressMeter {
  if (isMaker(value)) {
    throw new TypeError(`${name} is the function ${value.name}; call it: ${value.name}()`);
  }
  if (!isRecord(value) || typeof value["start"] !== "function") {
    throw new TypeError(
      `${name} must be one such as TextProgressMeter(), or { start: () => ({ update, close }) }, got ${describeValue(value)}`,
    );
  }
  const { refreshSteps = 1 } = value;
  if (typeof refreshSteps === "number" && refreshSteps >= 1)
    return value as unknown as ProgressMeter;
  throw new RangeError(
    `${name}: refreshSteps must be a number of steps, at least 1, got ${describeValue(refreshSteps)}`,
  );
}
