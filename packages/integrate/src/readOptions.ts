import {
  type Adjoint,
  type Event,
  mostSteps,
  type ProgressMeter,
  type StepSizeController,
} from "@diffrax-ts/protocol";
import { checkOptions, describeValue, type Tensor } from "@diffrax-ts/pytree";
import type { SaveAtOptions } from "@diffrax-ts/saveat";

/** Options of a solve, as they come. */
export interface RawOptions {
  readonly t0: unknown;
  readonly t1: unknown;
  readonly dt0: unknown;
  readonly y0: unknown;
  readonly args?: unknown;
  readonly saveat?: SaveAtOptions;
  readonly stepsizeController?: StepSizeController;
  readonly event?: Event | null;
  readonly adjoint?: Adjoint;
  readonly progressMeter?: ProgressMeter | null;
  readonly maxSteps?: number | null;
  readonly throw?: boolean;
  readonly stats?: "steps" | "full";
  readonly solverState?: unknown;
  readonly controllerState?: unknown;
  readonly madeJump?: boolean | Tensor | null;
}

const optionNames = [
  "t0",
  "t1",
  "dt0",
  "y0",
  "args",
  "saveat",
  "stepsizeController",
  "event",
  "adjoint",
  "progressMeter",
  "maxSteps",
  "throw",
  "stats",
  "solverState",
  "controllerState",
  "madeJump",
] as const;

/** What others solvers call options, or what is an option of a part, and where it stands here. */
const elsewhere: Readonly<Record<string, string>> = {
  rtol: "stepsizeController: PIDController({ rtol, atol })",
  atol: "stepsizeController: PIDController({ rtol, atol })",
  ts: "saveat: { ts }",
  steps: "saveat: { steps: true }",
  dense: "saveat: { dense: true }",
  dt: "dt0, the first step size",
  params: "args",
  terms: "diffeqsolve(terms, solver, options)",
  solver: "diffeqsolve(terms, solver, options)",
};

/**
 * The options of a solve, each read once: what follows sees the values that were checked.
 *
 * @throws TypeError or RangeError for one of another name, and for `maxSteps`, `throw` and `stats` of another kind. The others are checked
 * where they are understood.
 */
export function readOptions(options: RawOptions): RawOptions {
  if (Object.hasOwn(options ?? {}, "discreteTerminatingEvent")) {
    throw new TypeError(
      "diffeqsolve: discreteTerminatingEvent is deprecated in Diffrax; write event: Event({ condFn })",
    );
  }
  if (options === undefined) {
    throw new TypeError(
      "diffeqsolve: expected options such as { t0: … }, got undefined; write diffeqsolve(terms, solver, { t0, t1, dt0, y0 }), with a solver such as Tsit5()",
    );
  }
  const read = checkOptions("diffeqsolve", options, optionNames, elsewhere);
  const { maxSteps, throw: throws, stats } = read;
  if (typeof maxSteps === "number" && maxSteps > mostSteps && Number.isFinite(maxSteps)) {
    throw new RangeError(
      `diffeqsolve: maxSteps must be below 2³¹, or null for no limit, got ${maxSteps}`,
    );
  }
  if ((maxSteps ?? null) !== null && !(Number.isInteger(maxSteps) && maxSteps! > 0)) {
    throw new RangeError(
      `diffeqsolve: maxSteps must be a whole number above 0, or null for no limit, got ${describeValue(maxSteps)}`,
    );
  }
  if (throws !== undefined && typeof throws !== "boolean") {
    throw new TypeError(`diffeqsolve: throw must be true or false, got ${describeValue(throws)}`);
  }
  if (stats !== undefined && stats !== "steps" && stats !== "full") {
    throw new TypeError(
      `diffeqsolve: stats must be "steps" or "full", got ${describeValue(stats)}`,
    );
  }
  return read;
}
