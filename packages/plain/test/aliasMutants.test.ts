// The generator of programs is tried on readers with a fault each: it finds all.
import type { Tensor } from "@diffrax-ts/pytree";
import { afterEach, expect, test, vi } from "vitest";
import type * as choices from "../src/machine/Choice.ts";
import type * as containers from "../src/machine/containers.ts";
import type * as contents from "../src/machine/contentsOf.ts";
import type * as guards from "../src/machine/guards.ts";
import type * as lifting from "../src/machine/lift.ts";
import type * as merging from "../src/machine/merge.ts";
import type * as outcomes from "../src/machine/Outcome.ts";
import type * as resolving from "../src/machine/resolve.ts";
import type * as tapes from "../src/machine/Tape.ts";
import type * as truths from "../src/values/truth.ts";
import type * as checking from "./random/check.ts";
import { programOf } from "./random/generate.ts";

/** A fault in a module of the reader: what it exports otherwise. */
interface Fault<Module> {
  readonly module: string;
  readonly alter: (right: Module) => Partial<Module>;
}

function fault<Module>(module: string, alter: Fault<Module>["alter"]): Fault<never> {
  return { module, alter } as unknown as Fault<never>;
}

const faults: Readonly<Record<string, Fault<never>>> = {
  "what a branch writes stays where the branch is not taken": fault<typeof containers>(
    "machine/containers.ts",
    () => ({ restore: () => {} }),
  ),
  "a write does not make a stand-in stale": fault<typeof containers>(
    "machine/containers.ts",
    ({ touch }) => ({
      touch: (m, target) => {
        const made = m.made.get(target)!;
        const { stamp } = made;
        touch(m, target);
        made.stamp = stamp;
      },
    }),
  ),
  "what was computed in a branch is used beside it": fault<typeof containers>(
    "machine/containers.ts",
    () => ({ checkFresh: () => {} }),
  ),
  "a variable of one side is not kept to it": fault<typeof containers>(
    "machine/containers.ts",
    () => ({ isConfined: (() => false) as never }),
  ),
  "a choice has the contents from before the branch": fault<typeof contents>(
    "machine/contentsOf.ts",
    ({ contentsOf }) => ({
      contentsOf: (m, x, view) => contentsOf(m, x, { ...view, written: null }),
    }),
  ),
  "a stand-in is read however stale it is": fault<typeof guards>("machine/guards.ts", () => ({
    standInOf: (_, x) => (x as { standIn?: unknown } | null | undefined)?.standIn ?? x,
  })),
  "which one it is is asked of the first alone": fault<typeof guards>(
    "machine/guards.ts",
    ({ truthOfEach }) => ({
      truthOfEach: (m, x, f) => truthOfEach(m, firstOf(x), f),
    }),
  ),
  "only the first is written to": fault<typeof lifting>("machine/lift.ts", ({ perform }) => ({
    perform: (m, values, f) => perform(m, values.map(firstOf) as never, f),
  })),
  "all are written to": fault<typeof lifting>("machine/lift.ts", ({ perform }) => ({
    perform: (m, values, f) => {
      const i = values.findIndex(isChoice);
      if (i < 0) return perform(m, values, f);
      const { options } = values[i] as choices.Choice;
      return options.map(({ value }) => f(...(values.with(i, value) as never)))[0];
    },
  })),
  "where the condition fails, a choice is taken for what it is where it holds": fault<
    typeof resolving
  >("machine/resolve.ts", ({ optionsNow }) => ({
    optionsNow: (m, choice) => optionsNow(m, choice).slice(0, 1),
  })),
  "the guards of a value that is on both sides are not joined": fault<typeof choices>(
    "machine/Choice.ts",
    ({ Choice }) => ({
      Choice: class extends Choice {
        override get options() {
          const [a] = this.sides;
          return super.options.map((option) =>
            option.value === a ? { value: a, guard: () => this.when } : option,
          );
        }
      },
    }),
  ),
  "the guards of two choices are exchanged": fault<typeof truths>(
    "values/truth.ts",
    ({ chooseTruth }) => ({
      chooseTruth: (when: Tensor, a: outcomes.Truth, b: outcomes.Truth) =>
        typeof a === "object" && typeof b === "object"
          ? chooseTruth(when, b, a)
          : chooseTruth(when, a, b),
    }),
  ),
  "elements after the first are those of one side": fault<typeof merging>(
    "machine/merge.ts",
    ({ mergeEntries }) => ({
      mergeEntries: (g, x, y) =>
        Array.isArray(x)
          ? mergeEntries(
              g,
              x,
              x.map((v: unknown, i) => (i > 0 ? v : (y as unknown[])[i])),
            )
          : mergeEntries(g, x, y),
    }),
  ),
  "no branch is a branch of the compiled code": fault<typeof tapes>(
    "machine/Tape.ts",
    ({ Tape }) => ({
      Tape: class extends Tape {
        override areCostly(): boolean {
          return false;
        }
      },
    }),
  ),
};

function isChoice(x: unknown): boolean {
  return typeof x === "object" && x !== null && "sides" in x && "standIn" in x;
}

function firstOf(x: unknown): unknown {
  return isChoice(x) ? (x as choices.Choice).options[0]!.value : x;
}

/** So many programs are tried on each. */
const most = 400;

afterEach(() => {
  vi.resetModules();
});

test.each(Object.entries(faults))(
  "the random programs find it where %s",
  async (_, { module, alter }) => {
    vi.resetModules();
    vi.doMock(`../src/${module}`, async (original) => {
      const right = await original<Record<string, unknown>>();
      return { ...right, ...(alter as unknown as (right: unknown) => object)(right) };
    });
    const { check } = await import("./random/check.ts");
    vi.doUnmock(`../src/${module}`);
    expect(findFault(check)).toBeLessThan(most);
  },
  120_000,
);

/** How many programs it takes until one is read wrongly. */
function findFault(check: typeof checking.check): number {
  for (let seed = 0; seed < most; seed++) {
    try {
      if (check(programOf(seed)).kind === "wrong") return seed;
    } catch {
      return seed;
    }
  }
  return most;
}
