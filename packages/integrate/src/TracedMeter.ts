import { astype, equal, mul, stopGradient } from "@diffrax-ts/array";
import { assert, cond } from "@diffrax-ts/autodiff";
import { apply, arrayType, scalarTensor } from "@diffrax-ts/program";
import { mostSteps, type ProgressMeter, resultName, type RunningMeter } from "@diffrax-ts/protocol";
import { part, type Part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { shownOn } from "./shownOn.ts";

/** A meter inside of a traced function, which tells it by calls from compiled code. */
export interface TracedMeter extends Part<"progressMeter"> {
  readonly start: () => RunningMeter;
  readonly refreshSteps: number;
}

let known: WeakMap<ProgressMeter, TracedMeter> | undefined;

/** The same one for the same meter, so that traces are found again; `null` for one that wants to be told nothing. */
export function tracedMeter(meter: ProgressMeter): TracedMeter | null {
  const { refreshSteps = 1 } = meter;
  if (refreshSteps === Infinity) return null;
  known ??= new WeakMap();
  let traced = known.get(meter);
  if (traced === undefined) {
    traced = part("progressMeter", { start: () => shownOn(meter), refreshSteps });
    known.set(meter, traced);
  }
  return traced;
}

/** What a trace knows of its meters: one for each time that it runs, by its number. */
export interface MeterInTrace {
  /** Once in so many steps. Returns the number of the meter, which is 0 before it has begun. */
  readonly update: (meter: Scalar, progress: Tensor, numSteps: Tensor) => Scalar;
  readonly close: (meter: Scalar, result: Tensor) => void;
}

/** Calls of a meter as equations of the trace in progress. No derivative passes through them. */
export function meterInTrace({ start, refreshSteps }: TracedMeter): MeterInTrace {
  const running = new Map<number, RunningMeter>();
  let last = 0;
  const shownAt = (given: number): { readonly id: number; readonly shown: RunningMeter } => {
    const found = running.get(given);
    if (found !== undefined) return { id: given, shown: found };
    const shown = start();
    running.set(++last, shown);
    return { id: last, shown };
  };
  const update = (given: number, progress: number): number => {
    const { id, shown } = shownAt(given);
    shown.update(progress);
    return id;
  };
  const close = (given: number, code: number): number => {
    const { id, shown } = shownAt(given);
    running.delete(id);
    shown.close(resultName(code));
    return 1;
  };
  const every = scalarTensor("int32", Math.min(Math.floor(refreshSteps), mostSteps));
  // Without rem, which would bring its division of floats into every bundle.
  const isTurn = (numSteps: Tensor): Tensor =>
    equal(mul(apply("div", [numSteps, every], {})[0]!, every), numSteps);
  return {
    update: (meter, progress, numSteps) =>
      cond(
        isTurn(numSteps),
        () => callBack("progressMeter.update", update, [meter, stopGradient(progress)]),
        () => meter,
      ),
    close: (meter, result) => {
      const isClosed = callBack("progressMeter.close", close, [meter, astype(result, "float64")]);
      // What nobody uses would not be done.
      assert(equal(isClosed, 1), "diffeqsolve: progressMeter");
    },
  };
}

function callBack(
  name: string,
  f: (meter: number, x: number) => number,
  inputs: readonly Tensor[],
): Scalar {
  const [result] = apply(
    "hostCallback",
    inputs.map((x) => astype(x, "float64")),
    {
      name,
      outputs: [arrayType("float64", [])],
      call: (memory, input, output) => {
        const value = f(memory.f64[input]!, memory.f64[input + 1]!);
        memory.f64[output] = value; // read anew: a meter may run other compiled code
      },
      reason: undefined,
    },
  );
  return result as Scalar;
}

/** The number of a meter that has not begun. */
export function noMeter(): Scalar {
  return scalarTensor("float64", 0);
}
