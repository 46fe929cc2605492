import { leavesLike } from "@diffrax-ts/autodiff";
import { hasType, leafType, valueOf } from "@diffrax-ts/program";
import {
  type CountName,
  isOkay,
  packedLike,
  type Result,
  type Solver,
  type Tree,
  treeLeaves,
  unpackTree,
} from "@diffrax-ts/protocol";
import {
  checkOptions,
  describeValue,
  flatten,
  isTensor,
  keyPaths,
  type Leaf,
  match,
  part,
  unflatten,
} from "@diffrax-ts/pytree";
import { aborted } from "./aborted.ts";
import { setLeaf, treeIn } from "./carried.ts";
import { solutionOf } from "../diffeqsolve.ts";
import { refuse } from "../refuse.ts";
import { eventLoopTurn } from "./eventLoopTurn.ts";
import { statsOf } from "../howItEnded.ts";
import { numbersInDType } from "../inDType.ts";
import type { AdvanceOptions, Integrator } from "./Integrator.ts";
import type { LivePrepared } from "./liveSolve.ts";
import type { Outcome } from "../Outcome.ts";
import { endOfSlice, newPace, runUntil } from "./Pace.ts";
import { progressOf } from "../progressOf.ts";
import type { Reader } from "../Reader.ts";
import { checkAsyncOptions } from "./readAsyncOptions.ts";
import type { RawOptions } from "../readOptions.ts";
import type { RestingSolve } from "./RestingSolve.ts";
import { saveIntegrator } from "./saveIntegrator.ts";
import type { SavedIntegrator } from "./savedIntegrator.ts";
import type { Solution, SolveStats } from "../Solution.ts";
import { withinStep } from "./withinStep.ts";

/** What an integrator is made of. */
export interface IntegratorParts {
  readonly reader: Reader | null;
  readonly solver: Solver;
  readonly options: RawOptions;
  readonly prepared: LivePrepared;
  readonly solve: RestingSolve;
}

/** A solve that its owner moves on. */
export class LiveIntegrator implements Integrator {
  readonly #reader: Reader | null;
  readonly #solver: Solver;
  readonly #solve: RestingSolve;
  readonly #pace = newPace();
  readonly #progressAt: ReturnType<typeof progressOf>;
  #options: RawOptions;
  #prepared: LivePrepared;
  /** When the event loop has to turn. */
  #sliceEnd = 0;
  #isAdvancing = false;
  /** How far it was at the last look at all of it, and what was seen. */
  #seen: { readonly numAccepted: number; readonly solution: Solution } | null = null;

  constructor({ reader, solver, options, prepared, solve }: IntegratorParts) {
    this.#reader = reader;
    this.#solver = solver;
    this.#options = options;
    this.#prepared = prepared;
    this.#progressAt = progressOf(prepared);
    this.#solve = solve;
  }

  get t(): number {
    return this.#turned(this.#solve.t);
  }

  get y(): Tree {
    return unpackTree(treeIn(this.#solve.carried, this.#solve.plan.layout.y));
  }

  set y(y: unknown) {
    this.#requireUnderway("y");
    const { carried, plan } = this.#solve;
    const before = treeIn(carried, plan.layout.y);
    const { structure: like, leaves: now } = flatten(unpackTree(before));
    const leaves = leavesLike(
      like,
      now.map((leaf) => leafType(leaf, "y")),
      y,
      "integrator: y",
    );
    for (const [i, leaf] of leaves.entries()) {
      const culprit = (valueOf(leaf).data as Float64Array).find((x) => !Number.isFinite(x));
      if (culprit !== undefined) {
        throw new RangeError(
          `${keyPaths(like, "integrator: y")[i]!} must be finite, got ${culprit}`,
        );
      }
    }
    const packed = treeLeaves(packedLike(unflatten(like, leaves) as Tree, before));
    for (const [i, slot] of plan.layout.y.slots.entries())
      setLeaf(carried, slot, valueOf(packed[i]!));
    this.#solve.jump();
  }

  get args(): unknown {
    return this.#options.args;
  }

  set args(given: unknown) {
    this.#requireUnderway("args");
    const { plan } = this.#solve;
    const read = this.#reader === null ? given : this.#reader.readFunctions(given, true);
    const args = numbersInDType(read, this.#prepared.config.dtype);
    const config = { ...this.#prepared.config, args: part("args", { params: args }) };
    const leaves: Leaf[] = [];
    const fits =
      match(plan.structure, [config], leaves) &&
      leaves.every((leaf, i) => hasType(leaf, plan.types[i]!));
    if (!fits) refuseArgs(this.#prepared.config.args, args);
    this.#solve.replaceInputs(leaves);
    this.#prepared = { ...this.#prepared, config };
    this.#options = { ...this.#options, args: given };
    this.#solve.jump();
  }

  get result(): Result | null {
    return (this.#solve.outcome?.result as Result | undefined) ?? null;
  }

  get stats(): SolveStats {
    const { carried, plan, numSteps, numAccepted } = this.#solve;
    const { counts: slots } = plan.layout.slots;
    const names = slots === null ? [] : (Object.entries(slots) as [CountName, number][]);
    const counts = names.map(([name, slot]) => [name, carried.carriedNumber(slot)]);
    const made = { numSteps, numAccepted, counts: Object.fromEntries(counts) };
    return statsOf(made as unknown as Outcome, this.#prepared.maxSteps) as SolveStats;
  }

  step(): boolean {
    this.#requireRest("step");
    const before = this.#solve.numAccepted;
    while (this.#solve.numAccepted === before && this.#solve.goTo(Infinity, Infinity)) {
      this.#pace.numSteps = this.#solve.turn().numSteps;
      this.#solve.settle();
      this.#requireSuccess();
    }
    return this.#solve.outcome === null;
  }

  async advance(given: AdvanceOptions = {}): Promise<boolean> {
    const { until, exactly, ...how } = checkOptions("integrator: advance", given, advanceOptions);
    checkAsyncOptions("integrator: advance", how);
    const { budgetMs = 8, signal = null, onProgress = null } = how;
    const target = this.#targetOf(until, exactly);
    const stop = exactly === undefined ? Infinity : target;
    this.#requireRest("advance");
    this.#isAdvancing = true;
    const isThere = (): boolean => this.#solve.hasEnded || this.#solve.t >= target;
    let mayRun = performance.now() < this.#sliceEnd;
    try {
      for (;;) {
        if (signal?.aborted === true) throw aborted(signal.reason, this.solution());
        this.#requireOpen("advance");
        if (!this.#solve.goTo(target, stop)) return this.#solve.outcome === null;
        if (!mayRun) {
          await eventLoopTurn();
          this.#sliceEnd = endOfSlice(budgetMs);
          mayRun = true;
          continue; // much may have happened meanwhile
        }
        runUntil(this.#solve.bursts, this.#pace, { until: this.#sliceEnd, budgetMs, isThere });
        mayRun = false;
        this.#solve.settle();
        onProgress?.(this.#progress(), { t: this.t, numSteps: this.#solve.numSteps, prepareMs: 0 });
        this.#requireSuccess();
      }
    } finally {
      this.#isAdvancing = false;
    }
  }

  at(t: number): Tree {
    const { config } = this.#prepared;
    const time = this.#turned(this.#timeIn("at: t", t));
    if (time === this.#solve.t) return this.y;
    const step = withinStep(this.#solve, this.#solver, config);
    if (step.t0 <= time && time <= step.t1) return step.evaluate(t);
    if (config.dense && time < step.t0) {
      const within = this.#solutionSoFar();
      if (time >= this.#turned(this.#timeIn("t0", this.#options.t0)))
        return within.evaluate(t) as Tree;
    }
    const from = config.dense
      ? `t0 = ${String(this.#options.t0)}`
      : `the start of the last step, ${this.#turned(step.t0)},`;
    const advice = config.dense ? "" : "; with saveat: { dense: true } all of the solution is kept";
    throw new RangeError(
      `integrator: at: t must lie between ${from} and t = ${this.t}, got ${t}${advice}`,
    );
  }

  solution(): Solution {
    return solutionOf(this.#prepared, this.#solve.outcomeNow(), this.#solver, this.#options);
  }

  toJSON(): SavedIntegrator {
    return saveIntegrator(this.#solve, this.#prepared.config);
  }

  close(): void {
    this.#solve.close();
  }

  /** The same as long as no step is made. */
  #solutionSoFar(): Solution {
    const { numAccepted } = this.#solve;
    if (this.#seen?.numAccepted !== numAccepted)
      this.#seen = { numAccepted, solution: this.solution() };
    return this.#seen.solution;
  }

  /** Between time that runs forward and that of the user. */
  #turned(t: number): number {
    return this.#prepared.config.direction === "backward" ? 0 - t : t;
  }

  /** A time of the user in the dtype of the solve. */
  #timeIn(name: string, t: unknown): number {
    const time = isTensor(t) && t.shape.length === 0 ? t.item() : t;
    if (typeof time !== "number" || Number.isNaN(time))
      throw new TypeError(`integrator: ${name} must be a number, got ${describeValue(t)}`);
    return this.#prepared.config.dtype === "float32" ? Math.fround(time) : time;
  }

  /** Where `advance` is to come to, in time that runs forward. */
  #targetOf(until: unknown, exactly: unknown): number {
    if (until !== undefined && exactly !== undefined) {
      throw new TypeError(
        "integrator: advance: until and exactly are two ends; give until to shorten no step, or exactly to end at that time",
      );
    }
    if (exactly === undefined)
      return until === undefined ? Infinity : this.#turned(this.#timeIn("advance: until", until));
    const target = this.#turned(this.#timeIn("advance: exactly", exactly));
    const t1 = this.#prepared.span.t1!;
    if (target >= this.#solve.t && target <= this.#turned(t1)) return target;
    throw new RangeError(
      `integrator: advance: exactly must lie between t = ${this.t} and t1 = ${t1}, got ${describeValue(exactly)}`,
    );
  }

  #progress(): number {
    const { t, numSteps } = this.#solve;
    return Math.min(1, Math.max(0, this.#progressAt({ t, numSteps })));
  }

  #requireOpen(name: string): void {
    if (!this.#solve.isClosed) return;
    throw new Error(
      `integrator: ${name}: it was closed; it can be read, and make another one to go on`,
    );
  }

  #requireRest(name: string): void {
    this.#requireOpen(name);
    if (!this.#isAdvancing) return;
    throw new Error(
      `integrator: ${name}: it is under way already; wait for the promise of advance before the next step or advance`,
    );
  }

  #requireUnderway(name: string): void {
    this.#requireOpen(name);
    if (this.#solve.outcome === null) return;
    throw new Error(
      `integrator: ${name} cannot be changed any more: the solve has ended at t = ${this.t} (${this.result})`,
    );
  }

  #requireSuccess(): void {
    const { outcome } = this.#solve;
    if (outcome === null || !this.#prepared.throws || isOkay(outcome.result as Result)) return;
    refuse(outcome, this.#options);
  }
}

const advanceOptions = ["until", "exactly", "budgetMs", "signal", "onProgress"] as const;

/** @throws TypeError that says where other arguments differ from those that there are. */
function refuseArgs(before: unknown, given: unknown): never {
  const { params } = before as { readonly params: unknown };
  const { structure: like, leaves } = flatten(params, "integrator: args");
  const types = leaves.map((leaf) => leafType(leaf, "integrator: args"));
  leavesLike(like, types, given, "integrator: args", " as before");
  throw new TypeError(
    "integrator: args must have the structure that they had, the same functions and the same fixed numbers among them; make another integrator for others",
  );
}
