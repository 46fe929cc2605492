import { isTraced, tensorOf, withTrace } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import type { Machine } from "../machine/Machine.ts";
import type { Truth } from "../machine/Outcome.ts";
import { NotAlike } from "./NotAlike.ts";
import { isKnown, type Known, PerTurn, Split } from "./PerTurn.ts";
import type { Level } from "./Level.ts";

/** What is computed in each turn of values that are known there. */
export function inEachTurn(values: readonly unknown[], f: (...known: never[]) => unknown): unknown {
  const level = deepest(values);
  const { lanes } = level;
  const all = values.map((x) => (x instanceof PerTurn ? valuesIn(x, level) : x));
  const results: Known[] = [];
  const [a, b] = all;
  for (let k = 0; k < lanes; k++) {
    // Nearly all that is computed takes one value or two.
    const result =
      all.length === 2
        ? f((Array.isArray(a) ? a[k] : a) as never, (Array.isArray(b) ? b[k] : b) as never)
        : f(...(all.map((x) => (Array.isArray(x) ? (x[k] as unknown) : x)) as never[]));
    if (!isKnown(result)) throw new NotAlike();
    results.push(result);
  }
  return alike(level, results);
}

/** A value that is the same in all turns as that. */
export function alike(level: Level, values: readonly Known[]): unknown {
  const [first] = values;
  return values.every((x) => Object.is(x, first)) ? first : new PerTurn(level, values);
}

function deepest(values: readonly unknown[]): Level {
  let level: Level | undefined;
  for (const x of values)
    if (x instanceof PerTurn && x.level.depth > (level?.depth ?? 0)) level = x.level;
  return level!;
}

/** The values in the turns of a loop within that to which they belong. */
function valuesIn({ level, values }: PerTurn, inner: Level): readonly Known[] {
  if (level === inner) return values;
  const times = inner.lanes / level.lanes;
  return Array.from({ length: inner.lanes }, (_, k) => values[Math.floor(k / times)]!);
}

/** Whether a value that is known in each turn counts as true. @throws Split if it does not in all, and these are to be read apart. */
export function truthInTurns(m: Machine, { level, values }: PerTurn): Truth {
  const truths = alike(level, values.map(Boolean));
  if (!(truths instanceof PerTurn)) return truths as boolean;
  if (level.asData) return tracedIn(m, truths);
  throw new Split(level, truths.values);
}

/** A number that is known in each turn as one that is traced. */
export function tracedIn(m: Machine, x: PerTurn): Tensor {
  if (x.traced !== undefined) return x.traced;
  const { values, levels } = withoutOuter(x);
  const isTruth = typeof values[0] === "boolean";
  if (values.some((value) => (typeof value === "boolean") !== isTruth)) throw new NotAlike();
  const shape = levels.map(({ turns }) => turns);
  const all = tensorOf(
    isTruth
      ? { dtype: "bool", shape, data: Uint8Array.from(values, Number) }
      : { dtype: "float64", shape, data: Float64Array.from(values as readonly number[]) },
  );
  x.traced = throughLevels(all, levels);
  m.literals.add(x.traced);
  return x.traced;
}

/** An element of an array whose first axes are the turns of loops, one within the other. */
export function throughLevels(source: Tensor, levels: readonly Level[]): Tensor {
  return levels.reduce((x, level) => level.input(x), source);
}

/** Values without the outer loops in whose turns they are the same. */
export function withoutOuter<T>({ level, values }: { level: Level; values: readonly T[] }): {
  readonly values: readonly T[];
  readonly levels: readonly Level[];
} {
  let levels = level.chain;
  let rest = values;
  while (levels.length > 0) {
    const size = rest.length / levels[0]!.turns;
    const isSame = rest.every((x, k) => Object.is(x, rest[k % size]));
    if (!isSame) break;
    rest = rest.slice(0, size);
    levels = levels.slice(1);
  }
  return { values: rest, levels };
}

/** Runs `body` where the loops that are read at once are those up to this one. */
export function atLevel<T>(m: Machine, level: Level | null, body: () => T): T {
  const { tape, level: inner } = m;
  m.tape = level?.tape ?? m.outermost;
  m.level = level;
  try {
    return withTrace(m.tape, body);
  } finally {
    m.tape = tape;
    m.level = inner;
  }
}

/** The loop in whose body a value was computed; `null` if it comes from outside of all. */
export function homeOf(m: Machine, x: unknown): Level | null {
  const { trace } = x as { readonly trace?: unknown };
  if (!isTraced(x as Tensor)) return null;
  let level = m.level;
  while (level !== null && level.trace !== trace) level = level.parent;
  return level;
}
