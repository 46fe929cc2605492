import type { Run } from "@diffrax-ts/compiler";
import type { Leaf } from "@diffrax-ts/pytree";
import { type Burst, type Bursts, type Held, outcomeOf } from "../burstsOf.ts";
import { type Carried, copyCarried, copyOf, setNumber } from "./carried.ts";
import { DrainedRows } from "../DrainedRows.ts";
import { handOut } from "../handOut.ts";
import type { LivePlan } from "./liveSolve.ts";
import type { Outcome } from "../Outcome.ts";
import type { Prepared } from "../prepare.ts";

/** A solve that rests in its memory between bursts: what it carries can be read and changed there. Times run forward. */
export class RestingSolve {
  readonly plan: LivePlan;
  readonly drained: readonly (DrainedRows | null)[];
  readonly bursts: Bursts;
  readonly #prepared: Prepared;
  readonly #held: Held = { run: null };
  readonly #hasEnded: (carried: Carried) => boolean;
  #leaves: readonly Leaf[];
  /** What it carried when it gave its memory back. */
  #final: Carried | null = null;
  #outcome: Outcome | null = null;

  /** @param load - Takes up what another one carried. */
  constructor(
    prepared: Prepared,
    plan: LivePlan,
    leaves: readonly Leaf[],
    load?: (solve: RestingSolve) => void,
  ) {
    this.plan = plan;
    this.#prepared = prepared;
    this.#leaves = leaves;
    this.#hasEnded = endOf(prepared, plan);
    this.drained = plan.layout.tracks.map(({ open }) => (open === null ? null : new DrainedRows()));
    const live = { leaves, traced: plan, drained: this.drained, hasEnded: this.#hasEnded };
    this.bursts = handOut(prepared, { held: this.#held, live });
    this.#held.run = started(plan, leaves);
    try {
      load?.(this);
    } catch (error) {
      this.close();
      throw error;
    }
    this.settle();
  }

  /** @throws Error if there is nothing any more, because a function that the solve called has thrown. */
  get carried(): Carried {
    const carried = this.#final ?? this.#held.run;
    if (carried !== null) return carried;
    throw new Error(
      "integrator: a function that the solve called has thrown in the middle of a burst, and with it the state is lost; " +
        "make another integrator, or take up one that was saved before: integrator.fromJSON",
    );
  }

  get leaves(): readonly Leaf[] {
    return this.#leaves;
  }

  /** What it gave, once it has ended. */
  get outcome(): Outcome | null {
    return this.#outcome;
  }

  /** Whether it has come to its end. */
  get hasEnded(): boolean {
    return this.#outcome !== null || this.#hasEnded(this.carried);
  }

  /** Whether its memory was given back before it had ended. */
  get isClosed(): boolean {
    return this.#final !== null && this.#outcome === null;
  }

  get t(): number {
    return this.carried.carriedNumber(this.plan.layout.slots.tprev);
  }

  get numSteps(): number {
    return this.carried.carriedNumber(this.plan.layout.slots.numSteps);
  }

  get numAccepted(): number {
    return this.carried.carriedNumber(this.plan.layout.slots.numAccepted);
  }

  /**
   * Says how far it may go: to the end of the first step that reaches `until`; no step passes by `stop`.
   *
   * @returns Whether there is something to do until then.
   */
  goTo(until: number, stop: number): boolean {
    const { carried } = this;
    if (this.#outcome !== null || !(this.t < until)) return false;
    const { live } = this.plan.layout;
    setNumber(carried, live.until, this.#dtype, until);
    setNumber(carried, live.stop, this.#dtype, stop);
    carried.carriedBytes(carried.numCarried - 1)[0] = 1;
    return true;
  }

  /** One turn of the loop. */
  turn(): Burst {
    return this.bursts.next(1).value as Burst;
  }

  /** After a burst: gives the memory back, if that was the last one. */
  settle(): void {
    const { run } = this.#held;
    if (run === null || !this.#hasEnded(run)) return;
    this.#final = copyOf(run);
    this.#outcome = this.bursts.next().value as Outcome;
  }

  /** The next step is the first after a jump. */
  jump(): void {
    const { live, slots } = this.plan.layout;
    setNumber(this.carried, live.restarts, "bool", 1);
    setNumber(this.carried, slots.madeJump as number, "bool", 1);
  }

  /** Goes on with other inputs of the same types. */
  replaceInputs(leaves: readonly Leaf[]): void {
    const { run } = this.#held;
    const next = started(this.plan, leaves);
    copyCarried(this.carried, next);
    this.#held.run = next;
    this.#leaves = leaves;
    run?.release();
  }

  /** What it would give if it ended here. */
  outcomeNow(): Outcome {
    if (this.#outcome !== null) return this.#outcome;
    const copy = started(this.plan, this.#leaves);
    try {
      copyCarried(this.carried, copy);
      copy.complete();
      return { ...outcomeOf(copy, this.plan, this.drained), result: "interrupted" };
    } finally {
      copy.release();
    }
  }

  close(): void {
    const { run } = this.#held;
    if (run === null) return;
    this.#final = copyOf(run);
    this.bursts.return(undefined as never);
    // A generator that has not begun gives nothing back.
    this.#held.run?.release();
    this.#held.run = null;
  }

  get #dtype(): "float64" | "float32" {
    return this.#prepared.config.dtype;
  }
}

/** A run that has come to the beginning of its loop. */
function started({ compiled }: LivePlan, leaves: readonly Leaf[]): Run {
  const run = compiled.start(leaves);
  try {
    run.begin();
    return run;
  } catch (error) {
    run.release();
    throw error;
  }
}

/** Whether a solve has come to its end; it does not rest only because it was told to. */
function endOf(
  { config, span, maxSteps }: Prepared,
  { layout }: LivePlan,
): (carried: Carried) => boolean {
  const { tprev, numSteps, result } = layout.slots;
  const t1 = config.direction === "backward" ? -span.t1! : span.t1!; // known, at top level
  const most = maxSteps ?? Infinity;
  return (carried) =>
    !(carried.carriedNumber(tprev) < t1) ||
    carried.carriedNumber(result as number) !== 0 ||
    carried.carriedNumber(numSteps) >= most;
}
