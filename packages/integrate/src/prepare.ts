import { requireTruth } from "@diffrax-ts/autodiff";
import { numberAs } from "@diffrax-ts/program";
import {
  type Adjoint,
  type AdjointCheck,
  checkAdjoint,
  checkEvent,
  checkProgressMeter,
  checkSolver,
  checkStepSizeController,
  type Event,
  type ProgressMeter,
  type ReadEventField,
  type StepSizeController,
} from "@diffrax-ts/protocol";
import { type Callable, fixed, part, type Tensor } from "@diffrax-ts/pytree";
import { isSubSaveAt, type Subs } from "@diffrax-ts/saveat";
import { ConstantStepSize } from "@diffrax-ts/step-size-controllers";
import { checkNoise } from "./checkNoise.ts";
import { checkFirstStep, checkTerms } from "./checkTerms.ts";
import { numbersInDType, stateInDType } from "./inDType.ts";
import { type KnownSpan, knownDirection, knownEnd, knownStep, knownTime } from "./knownSpan.ts";
import { type PreparedSaves, prepareSaves } from "./prepareSaves.ts";
import type { RawOptions } from "./readOptions.ts";
import type { Reader } from "./Reader.ts";
import { readTerms, readWith } from "./readTerms.ts";
import type { UntracedConfig } from "./SolveConfig.ts";
import { tracedMeter } from "./TracedMeter.ts";
import { surveyState } from "./surveyState.ts";

/** A solve that has been checked. */
export interface Prepared {
  readonly config: UntracedConfig;
  /** How it is differentiated; `null` for the default. */
  readonly adjoint: Adjoint | null;
  /** The function that the traces of the solve are kept by. */
  readonly field: Callable;
  /** What is saved, as the user arranged it. */
  readonly subs: Subs | null;
  readonly maxSteps: number | null;
  readonly throws: boolean;
  readonly span: KnownSpan;
  /** Is told how far the solve has come; `null` if nobody is. */
  readonly progressMeter: ProgressMeter | null;
}

const withoutSample = { sample: null };

/** Who runs a solve. */
interface PrepareFor {
  readonly reader: Reader | null;
  readonly host: boolean;
  /** Whether somebody else may end it. @defaultValue false */
  readonly mayBeEndless?: boolean;
}

/** Checks what a solve was asked for. */
export function prepare(
  terms: unknown,
  solver: unknown,
  options: RawOptions,
  { reader, host, mayBeEndless = false }: PrepareFor,
): Prepared {
  const method = checkSolver("diffeqsolve: solver", solver);
  const controller = controllerOf(options);
  const { terms: given, field } = readTerms(terms, reader, host);
  checkTerms(method, given, options.y0);
  const readArgs =
    field === terms || reader === null ? options.args : reader.readFunctions(options.args, host);

  const state = surveyState(options.y0);
  const { dtype } = state;
  const y0 = stateInDType(options.y0, state);
  const args = numbersInDType(readArgs, dtype);
  const run = host ? { sample: [options.t0, y0, args] } : null;
  // What a condition is told of the solve as its fourth argument is known when it is traced.
  const informed = run && withoutSample;
  const event = eventOf(options, (f, result, name) =>
    readWith(reader, f, `event.${name}`, result, f.length > 3 ? informed : run),
  );
  const t0 = knownTime("t0", options.t0, dtype);
  const t1 = knownEnd(options.t1, dtype, event !== null || mayBeEndless);
  const span = { t0, t1, dtype };
  const dt0 = knownStep(options.dt0, span);
  controller.check({ t0, t1, dt0, dtype });
  event?.check?.(span);
  if (dt0 === "auto" && controller.isAdaptive) checkFirstStep(given);
  const solveArgs = part("args", { params: args });
  const inDType = (tree: unknown): unknown => numbersInDType(tree, dtype);
  const start = { t0: options.t0, y0, args: solveArgs, dtype, inDType };
  checkNoise(method, given, {
    isAdaptive: controller.isAdaptive,
    areCut: event?.mayChange === true && event.mayCut,
    step: dt0 === "auto" ? null : dt0,
    t0,
    t1: event === null ? t1 : null,
    dtype,
    start: host ? start : null,
  });
  const direction = knownDirection(span, dt0);
  const isSpanTraced = t0 === null || t1 === null;

  const saved = prepareSaves(options.saveat, span, {
    fn: (fn, name) => readWith(reader, fn, name, "any", run),
    update: (update, name, init) => {
      const sample = run && [init, ...run.sample, options.t0];
      return readWith(reader, update, name, "any", sample && { sample });
    },
  });
  const { subs, saves, dense, keeps } = saved;
  const adjoint = adjointOf(
    options,
    {
      terms: given,
      solver: method,
      hasEvent: event !== null,
      recordsEvents: event?.records === true,
    },
    saved,
  );
  const { maxSteps = 4096, throw: throws = true } = options;
  const progressMeter = meterOf(options);
  if (!host && maxSteps === null) requireFixedLength(saved);
  return {
    config: {
      terms: numbersInDType(given, dtype),
      solver: method,
      controller,
      event,
      meter: host || progressMeter === null ? null : tracedMeter(progressMeter),
      t0: options.t0,
      t1: options.t1,
      dt0: options.dt0,
      y0,
      args: solveArgs,
      direction,
      dtype,
      saves,
      isSpanTraced,
      isStepTraced: dt0 === null || (isSpanTraced && dt0 !== "auto"),
      dense,
      keeps,
      counts: options.stats === "full",
      solverState: options.solverState ?? undefined,
      controllerState: options.controllerState ?? undefined,
      madeJump: jumpOf(options.madeJump),
      host,
      maxSteps: host ? (maxSteps ?? Infinity) : maxSteps === null ? null : fixed(maxSteps),
      chunk: fixed(chunkFor(state.size)),
      throws: throws && !host,
    },
    adjoint,
    field,
    subs,
    maxSteps,
    throws,
    span,
    progressMeter,
  };
}

let constantSteps: StepSizeController | undefined;

function controllerOf({ stepsizeController }: RawOptions): StepSizeController {
  if (stepsizeController === undefined) return (constantSteps ??= ConstantStepSize());
  return checkStepSizeController("diffeqsolve: stepsizeController", stepsizeController);
}

function meterOf({ progressMeter }: RawOptions): ProgressMeter | null {
  return (progressMeter ?? null) === null
    ? null
    : checkProgressMeter("diffeqsolve: progressMeter", progressMeter);
}

/** What ends the solve, with functions on tensors. */
function eventOf({ event }: RawOptions, read: ReadEventField): Event | null {
  return (event ?? null) === null ? null : checkEvent("diffeqsolve: event", event).readFields(read);
}

function adjointOf(
  { adjoint }: RawOptions,
  parts: Pick<AdjointCheck, "terms" | "solver" | "hasEvent" | "recordsEvents">,
  { subs, saves, dense }: PreparedSaves,
): Adjoint | null {
  if ((adjoint ?? null) === null) return null;
  const checked = checkAdjoint("diffeqsolve: adjoint", adjoint);
  checked.check({
    ...parts,
    saves: saves.map((save) => ({ ...save, steps: save.steps.value > 0 })),
    hasSubs: subs !== null && !isSubSaveAt(subs),
    dense,
  });
  return checked;
}

/** @throws TypeError if arrays would be as long as the number of steps, which has no limit. */
function requireFixedLength({ dense, saves }: PreparedSaves): void {
  if (!dense && saves.every(({ steps, fold }) => steps.value === 0 || fold !== null)) return;
  throw new TypeError(
    "diffeqsolve: inside a traced function saveat.steps and saveat.dense need a number for maxSteps, which is how " +
      "long their arrays are",
  );
}

function jumpOf(madeJump: unknown): Tensor | false {
  if (madeJump === undefined || madeJump === null || madeJump === false) return false;
  return madeJump === true
    ? numberAs("madeJump", 1, "bool")
    : requireTruth("diffeqsolve: madeJump", madeJump as Tensor);
}

/**
 * As many rows as take up about a megabyte, so that a solve that keeps its steps needs little memory at a time: the largest power of
 * two up to 16384 / size, between 16 and 4096.
 */
function chunkFor(size: number): number {
  const bits = 32 - Math.clz32(Math.max(1, size) - 1); // log₂ size, rounded up
  return 1 << Math.min(12, Math.max(4, 14 - bits));
}
