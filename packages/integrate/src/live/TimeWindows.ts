import { asTensor } from "@diffrax-ts/autodiff";
import type { Run } from "@diffrax-ts/compiler";
import { allocate, arrayType, valueOf } from "@diffrax-ts/program";
import type { Fixed, Leaf } from "@diffrax-ts/pytree";
import { setLeaf, setNumber } from "./carried.ts";
import type { LivePlan, UntracedLiveConfig } from "./liveSolve.ts";
import type { UntracedConfig } from "../SolveConfig.ts";

/** Of one thing to save, before it is traced. */
interface TimesToSave {
  readonly ts: Leaf | null;
}

/** A list of times, in time that runs forward, and how many of them have been handed over. */
interface Times {
  readonly all: ArrayLike<number>;
  next: number;
}

/** Times to save at that are handed to a solve bit by bit: however many there are, it needs memory for one window of each list. */
export class TimeWindows {
  /** The configuration of a solve with the first windows. */
  readonly config: UntracedLiveConfig;
  /** For each thing to save. */
  readonly #lists: readonly (Times | null)[];
  readonly #length: number;
  readonly #sign: 1 | -1;

  constructor(config: UntracedConfig) {
    const saves = config.saves as readonly TimesToSave[];
    this.#sign = config.direction === "backward" ? -1 : 1;
    this.#length = (config.chunk as Fixed).value;
    this.#lists = saves.map(({ ts }) =>
      ts === null
        ? null
        : { all: valueOf(asTensor(ts, "saveat.ts")).data as ArrayLike<number>, next: 0 },
    );
    const { dtype } = config;
    const withWindows = saves.map((save, i) => this.#withWindow(save, i, dtype));
    this.config = { ...config, hasWindows: true, saves: withWindows };
  }

  /** With the times of the first window as the user counts them: the program turns them round. */
  #withWindow(save: TimesToSave, i: number, dtype: UntracedConfig["dtype"]): TimesToSave {
    const list = this.#lists[i]!;
    if (list === null) return save;
    return { ...save, ts: this.#windowOf(list, dtype).map((t) => this.#sign * t) };
  }

  /** Whether a window has been used up, so that the solve waits. */
  isWaiting(run: Run, plan: LivePlan): boolean {
    return this.#lists.some((list, i) => list !== null && this.#isUsedUp(run, plan, i));
  }

  /** Hands over the next windows in the place of those that are used up. */
  refill(run: Run, plan: LivePlan): void {
    const { live, slots } = plan.layout;
    const { dtype } = this.config;
    for (const [i, list] of this.#lists.entries()) {
      if (list === null || !this.#isUsedUp(run, plan, i)) continue;
      const data = this.#windowOf(list, dtype);
      setLeaf(run, live.windows[i]!, { ...arrayType(dtype, [data.length]), data });
      setNumber(run, slots.tracks[i]!.tsIndex!, "int32", 0);
    }
    run.carriedBytes(run.numCarried - 1)[0] = 1;
  }

  #isUsedUp(run: Run, { layout }: LivePlan, i: number): boolean {
    return run.carriedNumber(layout.slots.tracks[i]!.tsIndex!) === this.#length;
  }

  /** The next times, and after the last one such as never come. */
  #windowOf(list: Times, dtype: UntracedConfig["dtype"]): Float64Array | Float32Array {
    const window = allocate(dtype, this.#length) as Float64Array;
    for (let i = 0; i < window.length; i++) {
      const t = list.all[list.next++];
      window[i] = t === undefined ? Infinity : this.#sign * t;
    }
    return window;
  }
}
