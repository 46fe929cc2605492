import { cond } from "@diffrax-ts/autodiff";
import { apply, isFloat, isTraced, numberAs } from "@diffrax-ts/program";
import { isTensor, type Tensor } from "@diffrax-ts/pytree";
import { logicalAnd, logicalNot } from "../values/truth.ts";
import { fail, type Machine } from "./Machine.ts";
import type { Truth } from "./Outcome.ts";
import type { Region } from "./Region.ts";
import { isOutside } from "../turns/isOutside.ts";
import { NotAlike } from "../turns/NotAlike.ts";
import { Carried } from "../turns/Carried.ts";

/** What is known of an array, an object or the variables of a scope that was made in the reading. */
export interface Made {
  /** The branch that it was made in: it exists only where that is taken. */
  readonly birth: Region;
  /** The branch that its contents were computed in. */
  home: Region;
  /** Another number after each change, the same where a change was undone. */
  stamp: number;
  /** Whether a condition chose between it and another. */
  isChosen: boolean;
}

/** Notes that something was made here, and may be changed. */
export function own<T extends object>(m: Machine, made: T, home: Region = m.tape.region): T {
  m.made.set(made, { birth: home, home, stamp: m.clock++, isChosen: false });
  return made;
}

/**
 * Has to be called before anything is changed.
 *
 * @param key - The one variable, element or property that is given a value.
 */
export function touch(m: Machine, target: object, key?: string | number): void {
  const { level } = m;
  const isOurs = m.made.has(target);
  // What the turns of a loop do to what is outside of it is done when all are known.
  if (isOurs && level !== null && isOutside(m, level, target) && !level.isCarried(target, key))
    throw key === undefined ? new NotAlike() : new Carried(target, key);
  if (!isOurs)
    fail(
      m,
      "an array or object that came from outside cannot be changed",
      "copy it first: [...x] or { ...x }",
    );
  if (m.frozen.has(target)) fail(m, "this was frozen", "copy it first: [...x] or { ...x }");
  checkFresh(m, target);
  noteChange(m, target);
}

/** Notes that something which may be changed here is about to be. */
export function noteChange(m: Machine, target: object): void {
  const made = m.made.get(target)!;
  const { region } = m.tape;
  if (made.home !== region && !region.saved.has(target))
    region.saved.set(target, stateOf(m, target));
  made.stamp = m.clock++;
  if (made.isChosen) m.writes++;
}

/** How something that was made here is now. */
export function stateOf(
  m: Machine,
  target: object,
): { contents: object; home: Region; stamp: number } {
  const { home, stamp } = m.made.get(target)!;
  return { contents: copyOf(target), home, stamp };
}

/**
 * Has to be called before anything is read.
 *
 * What was computed in a branch must not be used beside it: where the branch is not taken it may be dear, or its
 * derivative infinite. So the numbers in what was made in a branch become 0 outside of it before they are used there.
 *
 * @param since - Branches from this place of the tape on count as if they were still being read.
 */
export function checkFresh(m: Machine, target: object, since: number = Infinity): void {
  const made = m.made.get(target);
  if (made === undefined || made.home.isOpen) return;
  let outermost = made.home;
  for (let region = made.home; !region.isOpen; region = region.parent!) {
    outermost = region;
  }
  if (outermost.from >= since) return;
  let path: Truth = true;
  for (let region = made.home; !region.isOpen; region = region.parent!)
    path = logicalAnd(taken(region), path);
  made.home = outermost.parent!;
  if (typeof path !== "boolean")
    confine(m, target as Record<string, unknown>, path, outermost.from);
}

function taken({ when, is }: Region): Truth {
  return is ? when : logicalNot(when);
}

/** Makes numbers 0 where the condition does not hold, if it is no matter of course to compute them there. */
function confine(m: Machine, target: Record<string, unknown>, when: Tensor, from: number): void {
  const { tape } = m;
  const keys = Object.keys(target).filter((key) => isConfined(m, target[key], from));
  if (keys.length === 0) return;
  const values = keys.map((key) => target[key] as Tensor);
  const needed = tape.needed(values, from);
  const inside = cond(
    when,
    () => tape.replay(needed, values),
    () => values.map(zerosLike),
  );
  for (const [i, key] of keys.entries()) target[key] = inside[i];
}

/** Whether a value is a number that is dear, or may have no finite derivative where its branch is not taken. */
export function isConfined(m: Machine, x: unknown, from: number): x is Tensor {
  return (
    isTensor(x) && isTraced(x) && isFloat(x.dtype) && m.tape.areCostly(m.tape.needed([x], from))
  );
}

function zerosLike({ dtype, shape }: Tensor): Tensor {
  const zero = numberAs("condition", 0, dtype);
  return shape.length === 0 ? zero : apply("broadcast", [zero], { shape, axes: [] })[0]!;
}

/** The same variables, elements or properties. */
export function copyOf<T extends object>(target: T): T {
  return (
    Array.isArray(target)
      ? target.slice() // with its holes
      : Object.assign(Object.create(null) as object, target)
  ) as T;
}

/** Makes the contents of an array, an object or the variables of a scope those of another. */
export function refill(target: object, contents: object): void {
  if (Array.isArray(target)) {
    const elements = contents as readonly unknown[];
    target.length = 0;
    target.length = elements.length;
    for (const i of elements.keys()) if (i in elements) target[i] = elements[i];
  } else {
    for (const key in target) if (!Object.hasOwn(contents, key)) delete target[key as never];
    Object.assign(target, contents);
  }
}

/** Makes something as it was. */
export function restore(
  m: Machine,
  target: object,
  { contents, home, stamp }: ReturnType<typeof stateOf>,
): void {
  const made = m.made.get(target)!;
  refill(target, contents);
  made.home = home;
  made.stamp = stamp;
  if (made.isChosen) m.writes++;
}
