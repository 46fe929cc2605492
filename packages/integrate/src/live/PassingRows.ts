import type { Run } from "@diffrax-ts/compiler";
import { type ArrayValue, tensorOf } from "@diffrax-ts/program";
import { DrainedRows } from "../DrainedRows.ts";
import type { SavedRows } from "../Outcome.ts";
import type { Plan } from "../Plan.ts";
import { userRows } from "../userRows.ts";

/** Rows that pass by: they are taken out of a solve while it rests, and nobody keeps them. */
export class PassingRows {
  /** What the bursts have taken out since the last look. */
  readonly drained: readonly (DrainedRows | null)[];
  readonly #plan: Plan;
  /** Of each thing to save no rows, in the shapes that they have; `null` for a fold. */
  readonly #none: readonly (readonly ArrayValue[] | null)[];

  constructor(plan: Plan, run: Run) {
    this.#plan = plan;
    const { slots, tracks } = plan.layout;
    this.drained = tracks.map(({ open }) => (open === null ? null : new DrainedRows()));
    this.#none = slots.tracks.map(({ count, ts, ys }) =>
      count === null ? null : [ts, ...ys].map((slot) => run.carried(slot, 0)),
    );
  }

  /** How many rows wait to be taken. */
  get count(): number {
    return this.drained.reduce((sum, rows) => sum + (rows === null ? 0 : rowsIn(rows)), 0);
  }

  /** Takes out what is in the buffers of a solve that rests. */
  drain(run: Run): void {
    for (const [i, { open }] of this.#plan.layout.tracks.entries())
      if (open !== null && this.#isSaved(i))
        this.drained[i]!.drain(run, open.count, [open.ts, ...open.ys]);
  }

  /** The rows since the last call. */
  take(): readonly SavedRows[] {
    return this.#none.map((none, i) => {
      if (none === null) return this.#asRows(i, null);
      const rows = this.drained[i]?.join(none) ?? none.map((x) => tensorOf(x));
      if (this.drained[i]) this.drained[i].parts.length = 0;
      return this.#asRows(i, rows);
    });
  }

  /** The last rows, of what a solve gives at its end. */
  last(saves: readonly SavedRows[]): readonly SavedRows[] {
    return this.#none.map((none, i) => (none === null ? this.#asRows(i, null) : saves[i]!));
  }

  /** What is left of rows that have passed: none of them, and the values of folds. */
  without(saves: readonly SavedRows[]): readonly SavedRows[] {
    return saves.map((save, i) => {
      const none = this.#none[i] ?? null;
      return none === null
        ? save
        : this.#asRows(
            i,
            none.map((x) => tensorOf(x)),
          );
    });
  }

  /** Those of recorded events are not saved, but kept to the end. */
  #isSaved(i: number): boolean {
    return i < this.#none.length;
  }

  #asRows(i: number, rows: ReturnType<DrainedRows["join"]> | null): SavedRows {
    if (rows === null) return { ts: null as never, ys: null, count: null };
    const [ts, ...ys] = rows;
    const layout = this.#plan.layout.tracks[i]!;
    return { ts: ts!, ys: userRows(layout, ys), count: ts!.length };
  }
}

function rowsIn({ parts }: DrainedRows): number {
  return parts.reduce((sum, [ts]) => sum + ts!.shape[0]!, 0);
}
