import { astype } from "@diffrax-ts/array";
import { isTraced, leafType, requireTruth } from "@diffrax-ts/autodiff";
import { numberAs } from "@diffrax-ts/program";
import {
  type Adjoint,
  checkAdjoint,
  checkSolver,
  checkStepSizeController,
  type ReadField,
  type StepSizeController,
} from "@diffrax-ts/protocol";
import {
  type Callable,
  type Fixed,
  fixed,
  isTensor,
  type Leaf,
  map,
  part,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import {
  checkSaveAt,
  isSubSaveAt,
  type SaveMore,
  type SubSaveAt,
  type Subs,
  subsOf,
} from "@diffrax-ts/saveat";
import { ConstantStepSize } from "@diffrax-ts/step-size-controllers";
import { checkedTimes, knownDirection, knownStep, knownTime } from "./checkOptions.ts";
import { checkTerms } from "./checkTerms.ts";
import type { RawOptions } from "./readOptions.ts";
import { readTerms, readWith } from "./readTerms.ts";
import type { Keeps } from "./SolveConfig.ts";
import { surveyState } from "./surveyState.ts";

/** Turns plain functions into ones that work on tensors. `core` has one; without, only functions on tensors can be solved. */
export interface Reader {
  /** For a vector field, or another function that the solve calls. */
  readonly readField: ReadField;
  /** For the functions in a tree of arguments: functions that were written alike become the same. */
  readonly readFunctions: (tree: unknown) => unknown;
}

/** A solve that has been checked: what `SolveConfig` is before it is traced. */
export interface Prepared {
  readonly config: Readonly<Record<string, unknown>>;
  /** How it is differentiated; `null` for the default. */
  readonly adjoint: Adjoint | null;
  /** The function that the traces of the solve are kept by. */
  readonly field: Callable;
  readonly saves: readonly { readonly steps: Fixed }[];
  /** What is saved, as the user arranged it. */
  readonly subs: Subs | null;
  /** As far as it is known. */
  readonly direction: "forward" | "backward" | "traced";
  readonly dtype: "float64" | "float32";
  readonly dense: boolean;
  readonly keeps: Keeps;
  readonly maxSteps: number | null;
  readonly throws: boolean;
  /** The step-by-step rows that the host makes room for. */
  readonly chunk: number;
}

/** Checks what a solve was asked for. */
export function prepare(
  terms: unknown,
  solver: unknown,
  options: RawOptions,
  { reader, host }: { readonly reader: Reader | null; readonly host: boolean },
): Prepared {
  const method = checkSolver("diffeqsolve: solver", solver);
  const controller =
    options.stepsizeController === undefined
      ? defaultController()
      : checkStepSizeController("diffeqsolve: stepsizeController", options.stepsizeController);
  const read = reader?.readField ?? null;
  const { terms: given, field } = readTerms(terms, read);
  checkTerms(method, given);
  const args =
    field === terms ? options.args : (reader?.readFunctions(options.args) ?? options.args);
  const state = surveyState(options.y0);
  const { dtype } = state;
  const t0 = knownTime("t0", options.t0, dtype);
  const t1 = knownTime("t1", options.t1, dtype);
  const span = { t0, t1, dtype };
  const dt0 = knownStep(options.dt0, span);
  controller.check({ t0, t1, dt0, dtype });
  const { maxSteps = 4096 } = options;

  const direction = knownDirection(span, dt0);
  const saveat = options.saveat === undefined ? endOnly : checkSaveAt(options.saveat);
  const subs = saveat === endOnly ? endOnly : subsOf(saveat);
  const isSpanTraced = t0 === null || t1 === null;
  const saves = listOf(subs, "saveat").map(({ sub, name }) => {
    const ts = sub.ts === undefined ? null : checkedTimes(sub.ts, `${name}.ts`, span);
    return {
      t0: sub.t0 === true,
      t1: sub.t1 === true,
      steps: fixed(Number(sub.steps ?? 0)),
      fn: sub.fn === undefined ? null : readWith(read, sub.fn, `${name}.fn`, "any"),
      ts,
      areTimesTraced: ts !== null && (isSpanTraced || (isTensor(ts) && isTraced(ts))),
    };
  });
  const dense = saveat.dense === true;
  const { adjoint = null } = options;
  if (adjoint !== null) {
    checkAdjoint("diffeqsolve: adjoint", adjoint).check({
      solver: method,
      saves: saves.map((save) => ({ ...save, steps: save.steps.value > 0 })),
      hasSubs: subs !== null && !isSubSaveAt(subs),
      dense,
    });
  }
  const keeps = saveat === endOnly ? keepNothing : keepsOf(saveat);
  if (!host && maxSteps === null && (dense || saves.some(({ steps }) => steps.value > 0))) {
    throw new TypeError(
      "diffeqsolve: inside a traced function saveat.steps and saveat.dense need a number for maxSteps, which is how " +
        "long their arrays are",
    );
  }

  const numbersTo = (tree: unknown): unknown =>
    dtype === "float64" ? tree : numbersInFloat32(tree);
  const chunk = chunkFor(state.size);
  const throws = options.throw ?? true;
  return {
    config: {
      terms: numbersTo(given),
      solver: method,
      controller,
      t0: options.t0,
      t1: options.t1,
      dt0: options.dt0,
      y0: state.isReady
        ? options.y0
        : unflatten(
            state.structure,
            state.leaves.map((leaf) => floatsIn(leaf, dtype)),
          ),
      args: part("args", { params: numbersTo(args) }),
      direction,
      dtype,
      saves,
      isSpanTraced,
      isStepTraced: dt0 === null || (isSpanTraced && dt0 !== "auto"),
      dense,
      keeps,
      solverState: options.solverState ?? undefined,
      controllerState: options.controllerState ?? undefined,
      madeJump: jumpOf(options.madeJump),
      host,
      maxSteps: host ? (maxSteps ?? Infinity) : maxSteps === null ? null : fixed(maxSteps),
      chunk: fixed(chunk),
      throws: throws && !host,
    },
    adjoint,
    field,
    saves,
    subs,
    direction,
    dtype,
    dense,
    keeps,
    maxSteps,
    throws,
    chunk,
  };
}

const endOnly: SubSaveAt & SaveMore = { t1: true };

function keepsOf({ solverState, controllerState, madeJump }: SaveMore): Keeps {
  return {
    solverState: solverState === true,
    controllerState: controllerState === true,
    madeJump: madeJump === true,
  };
}

/** Frozen, so that it is known at sight. */
const keepNothing = /* @__PURE__ */ Object.freeze(keepsOf({}));

let constantSteps: StepSizeController | undefined;

function defaultController(): StepSizeController {
  return (constantSteps ??= ConstantStepSize());
}

/** The things to save in order, each with what it is called in errors. */
function listOf(
  subs: Subs | null,
  name: string,
): readonly { readonly sub: SubSaveAt; readonly name: string }[] {
  if (subs === null) return [];
  if (isSubSaveAt(subs)) return [{ sub: subs, name }];
  return Object.entries(subs).flatMap(([key, child]) => listOf(child, `${name}.subs.${key}`));
}

/** Plain numbers take the dtype of the state. */
function numbersInFloat32(tree: unknown): unknown {
  return map((leaf: Leaf) => (typeof leaf === "number" ? floatsIn(leaf, "float32") : leaf), tree);
}

/** A leaf in a dtype. */
function floatsIn(leaf: Leaf, dtype: "float64" | "float32"): Leaf {
  if (typeof leaf === "number") return dtype === "float64" ? leaf : numberAs("y0", leaf, dtype);
  return leafType(leaf, "y0").dtype === dtype ? leaf : astype(leaf, dtype);
}

function jumpOf(madeJump: unknown): Tensor | false {
  if (madeJump === undefined || madeJump === null || madeJump === false) return false;
  return madeJump === true
    ? numberAs("madeJump", 1, "bool")
    : requireTruth("diffeqsolve: madeJump", madeJump as Tensor);
}

/** As many rows as take up about a megabyte, so that a solve that keeps its steps needs little memory at a time. */
function chunkFor(size: number): number {
  return 2 ** Math.min(12, Math.max(4, Math.floor(Math.log2(16384 / Math.max(1, size)))));
}
