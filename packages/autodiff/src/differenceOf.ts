import { type Atom, isConcrete, type Program, showType, type Type } from "@diffrax-ts/program";
import { structuresEqual, type Tensor } from "@diffrax-ts/pytree";
import type { TreeProgram } from "./TreeProgram.ts";
import { typeOf } from "./zeros.ts";

/** In what two traces of a function differ, in words; `undefined` if in nothing. */
export function differenceOf(before: TreeProgram, now: TreeProgram): string | undefined {
  if (now.captured.length !== before.captured.length)
    return "it uses values of the function that is being traced around it";
  if (!structuresEqual(before.output, now.output)) return "its result has another structure";
  return programDifference(before.program, now.program);
}

function programDifference(before: Program, now: Program): string | undefined {
  if (before === now) return undefined;
  const ids = new Map<number, number>();
  const name = (a: Program["inputs"], b: Program["inputs"]): void => {
    for (const [i, { id }] of a.entries()) if (b[i] !== undefined) ids.set(id, b[i].id);
  };
  name(before.inputs, now.inputs);
  const atomDifference = (a: Atom, b: Atom, where: string): string | undefined => {
    if (isConcrete(a) && isConcrete(b)) {
      const [x, y] = [a, b].map((atom) => showConstant(atom as object as Tensor));
      if (x === y) return undefined;
      return x!.length + y!.length < 60
        ? `${where} had ${x} and has ${y}`
        : `${where} has another ${showType(a)}`;
    }
    const isSame = !isConcrete(a) && !isConcrete(b) && ids.get(a.id) === b.id;
    return isSame ? undefined : `${where} reads another value`;
  };
  const listDifference = (
    a: readonly Atom[],
    b: readonly Atom[],
    where: string,
  ): string | undefined => {
    if (a.length !== b.length) return `${where} has ${b.length} values instead of ${a.length}`;
    return firstOf(a.keys(), (i) => atomDifference(a[i]!, b[i]!, where));
  };
  const found = firstOf(before.equations.keys(), (i) => {
    const [a, b] = [before.equations[i]!, now.equations[i]];
    if (b === undefined) return `${a.primitive} is not there any more`;
    if (a.primitive !== b.primitive) return `${b.primitive} stands in place of ${a.primitive}`;
    name(a.outputs, b.outputs);
    return (
      listDifference(a.inputs, b.inputs, a.primitive) ??
      paramDifference(a.params, b.params, a.primitive)
    );
  });
  if (found !== undefined) return found;
  const more = now.equations[before.equations.length];
  if (more !== undefined) return `${more.primitive} was added`;
  return listDifference(before.outputs, now.outputs, "the result");
}

/** Functions are passed over: those of rules and of called-back functions are made anew with every trace. */
function paramDifference(before: unknown, now: unknown, where: string): string | undefined {
  if (Object.is(before, now) || typeof before === "function") return undefined;
  if (typeof before !== "object" || typeof now !== "object" || before === null || now === null)
    return `${where} has ${String(now)} in place of ${String(before)}`;
  if ("equations" in before && "equations" in now)
    return programDifference(before as Program, now as Program);
  // Variables tell the types of outputs.
  if ("trace" in before && "trace" in now) {
    const [a, b] = [before, now].map((x) => showType(x as object as Type));
    return a === b ? undefined : `${where} has ${b} in place of ${a}`;
  }
  const [a, b] = [before, now] as readonly Readonly<Record<string, unknown>>[];
  return firstOf(Object.keys({ ...a, ...b }), (key) => paramDifference(a![key], b![key], where));
}

function showConstant(x: Tensor): string {
  return `${showType(typeOf(x))} ${JSON.stringify(x.toArray(), (_, n: unknown) => (typeof n === "number" && (!Number.isFinite(n) || Object.is(n, -0)) ? (Object.is(n, -0) ? "-0" : String(n)) : n))}`;
}

/** The first thing that is found for some of these. */
function firstOf<T>(list: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of list) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
