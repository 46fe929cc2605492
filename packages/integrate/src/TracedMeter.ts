import { astype, equal, mul, stopGradient } from "@diffrax-ts/array";
import { assert, cond } from "@diffrax-ts/autodiff";
import { apply, arrayType, isFloat, scalarTensor } from "@diffrax-ts/program";
import { mostSteps, type ProgressMeter, type RunningMeter } from "@diffrax-ts/protocol";
import { flatten, isTensor, part, type Part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { MeterBatch } from "./MeterBatch.ts";
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

/** What a trace knows of its meter. */
export interface MeterInTrace {
  /** Before the first step, with what the solve starts from. */
  readonly announce: (start: unknown) => void;
  /** Once in so many steps. Returns the number of the solve. */
  readonly update: (solve: Scalar, progress: Tensor, numSteps: Tensor) => Scalar;
  readonly close: (result: Tensor) => void;
}

/** Calls of a meter as equations of the trace in progress. No derivative passes through them. */
export function meterInTrace({ start, refreshSteps }: TracedMeter): MeterInTrace {
  // Of the run in progress, and of those that it stands in.
  let batch = new MeterBatch(start);
  const scope = (): (() => void) => {
    const [outer, own] = [batch, new MeterBatch(start)];
    batch = own;
    return () => {
      if (batch === own) batch = outer;
      own.end();
    };
  };
  const announce = (): number => {
    batch.announce();
    return 1;
  };
  const update = (solve: number, progress: number): number => batch.update(solve, progress);
  const close = (code: number): number => {
    batch.close(code);
    return 1;
  };
  const every = scalarTensor("int32", Math.min(Math.floor(refreshSteps), mostSteps));
  // Without rem, which would bring its division of floats into every bundle.
  const isTurn = (numSteps: Tensor): Tensor =>
    equal(mul(apply("div", [numSteps, every], {})[0]!, every), numSteps);
  return {
    // It is handed what the solve starts from, so that it is called for each solve of a batch.
    announce: (given) =>
      done(callBack("progressMeter.announce", announce, numbersOf(given), scope)),
    update: (solve, progress, numSteps) =>
      cond(
        isTurn(numSteps),
        () => callBack("progressMeter.update", update, [solve, stopGradient(progress)]),
        () => solve,
      ),
    close: (result) => done(callBack("progressMeter.close", close, [result])),
  };
}

/** What nobody uses would not be done. What is asserted is done once: derivatives that make steps again leave it out. */
function done(one: Scalar): void {
  assert(equal(one, 1), "diffeqsolve: progressMeter");
}

/** The number of a solve that has not begun. */
export function notBegun(): Scalar {
  return scalarTensor("float64", 0);
}

/** A number of each array of floats that has some. */
function numbersOf(tree: unknown): readonly Tensor[] {
  return flatten(tree)
    .leaves.filter((x): x is Tensor => isTensor(x) && isFloat(x.dtype) && x.size > 0)
    .map((x) => stopGradient(x.shape.length === 0 ? x : x.at(...x.shape.map(() => 0))));
}

function callBack(
  name: string,
  f: (...numbers: readonly number[]) => number,
  inputs: readonly Tensor[],
  scope?: () => () => void,
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
      scope,
    },
  );
  return result as Scalar;
}
