import { astype, equal, rem, stopGradient } from "@diffrax-ts/array";
import { assert, cond } from "@diffrax-ts/autodiff";
import { apply, arrayType, scalarTensor } from "@diffrax-ts/program";
import { type ProgressMeter, resultName, type RunningMeter } from "@diffrax-ts/protocol";
import { part, type Part, type Scalar, type Tensor } from "@diffrax-ts/pytree";

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
    traced = part("progressMeter", { start: () => meter.start(), refreshSteps });
    known.set(meter, traced);
  }
  return traced;
}

/** A meter that is running, and the most that it was told. */
interface Shown {
  readonly meter: RunningMeter;
  progress: number;
}

/** What a trace knows of its meters: one for each time that it runs, by its number. */
export interface MeterInTrace {
  /** Once in so many steps. Returns the number of the meter, which is 0 before it has begun. */
  readonly update: (meter: Scalar, progress: Tensor, numSteps: Tensor) => Scalar;
  readonly close: (meter: Scalar, result: Tensor) => void;
}

/** Calls of a meter as equations of the trace in progress. No derivative passes through them. */
export function meterInTrace({ start, refreshSteps }: TracedMeter): MeterInTrace {
  const running = new Map<number, Shown>();
  let last = 0;
  const shownAt = (id: number): { readonly id: number; readonly shown: Shown } => {
    const found = running.get(id);
    if (found !== undefined) return { id, shown: found };
    const shown = { meter: start(), progress: 0 };
    running.set(++last, shown);
    return { id: last, shown };
  };
  const update = (given: number, progress: number): number => {
    const { id, shown } = shownAt(given);
    shown.progress = Math.min(1, Math.max(shown.progress, progress));
    shown.meter.update(shown.progress);
    return id;
  };
  const close = (given: number, code: number): number => {
    const { id, shown } = shownAt(given);
    running.delete(id);
    const result = resultName(code);
    if (result === "successful" && shown.progress < 1) shown.meter.update(1);
    shown.meter.close(result);
    return 1;
  };
  return {
    update: (meter, progress, numSteps) =>
      cond(
        equal(rem(numSteps, refreshSteps), 0),
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
