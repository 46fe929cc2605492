import { isTensor } from "@diffrax-ts/pytree";
import { storageOf } from "../values/TypedList.ts";
import { Cell, Choice, type Option } from "./Choice.ts";
import { checkFresh } from "./containers.ts";
import type { Machine } from "./Machine.ts";
import type { State } from "./Region.ts";
import { Element } from "../turns/Element.ts";

/** From where things are looked at: now, or at the end of a branch that has been read. */
export interface View {
  /** Branches from this place of the tape on count as if they were still being read. */
  readonly since: number;
  /** How things that were written to are there. */
  readonly written: ReadonlyMap<object, State> | null;
  /** Whether something that a choice is between is among them. */
  readonly isOther: boolean;
}

/** As things are now. */
export const now: View = { since: Infinity, written: null, isOther: false };

/**
 * A value as it is in the branch that is being read: `x` after `if (c) x = 1` is 1 where `c` holds.
 *
 * What stays traced is left alone: what was computed for one side only must not be used beside it.
 */
export function resolve(m: Machine, value: unknown, view: View = now): unknown {
  if (value instanceof Element) return value.scalar;
  let kept = value;
  let resolved = value;
  for (;;) {
    if (resolved instanceof Cell) {
      checkFresh(m, resolved, view.since);
      kept = resolved = resolved.value;
    } else if (resolved instanceof Choice) {
      const option = onlyOption(m, resolved, view);
      if (option === undefined) return resolved;
      kept = resolved = option.value;
    } else {
      if (isTensor(resolved) && resolved.dtype === "bool") {
        const truth = m.tape.facts.get(resolved);
        if (truth !== undefined) return truth;
      }
      const selection = m.selections.get(resolved);
      const is = selection && m.tape.facts.get(selection.when);
      if (is === undefined) return isTensor(resolved) && isTensor(kept) ? kept : resolved;
      resolved = selection!.side(is);
    }
  }
}

/** What it is for certain, if that is known; what has a stand-in is read there. */
function onlyOption(
  m: Machine,
  choice: Choice,
  view: View,
): { readonly value: unknown } | undefined {
  if (isCurrent(m, choice, view)) return undefined;
  if (choice.isReference && choice.isTree) {
    // The conditions tell as much as the guards, which are made of them.
    let value: unknown = choice;
    while (value instanceof Choice) {
      const is = m.tape.facts.get(value.when);
      if (is === undefined) return undefined;
      value = value.sides[is ? 0 : 1];
    }
    return { value };
  }
  const options = optionsNow(m, choice);
  return options.length === 1 ? options[0] : undefined;
}

/** What a choice may be in the branch that is being read. */
export function optionsNow(m: Machine, choice: Choice): readonly Option[] {
  const possible: Option[] = [];
  for (const option of choice.options) {
    const guard = option.guard();
    const is = typeof guard === "boolean" ? guard : m.tape.facts.get(guard);
    if (is === true) return [option];
    if (is === undefined) possible.push(option);
  }
  // Nothing is possible where nothing is run.
  return possible.length > 0 ? possible : choice.options.slice(0, 1);
}

/** Whether a choice has a stand-in, and none of what it is between was changed since. */
export function isCurrent(m: Machine, choice: Choice, view: View = now): boolean {
  if (choice.standIn === undefined) return false;
  if (!view.isOther && choice.seenAt === m.writes) return true;
  const isSame = choice.sides.every((side, i) =>
    side instanceof Choice ? isCurrent(m, side, view) : stampOf(m, side, view) === choice.stamps[i],
  );
  if (isSame && !view.isOther) choice.seenAt = m.writes;
  return isSame;
}

/** Another number after each change of an array or object. */
export function stampOf(m: Machine, x: unknown, { written }: View = now): number {
  const target = storageOf(x);
  return (written?.get(target) ?? m.made.get(target))?.stamp ?? -1;
}
