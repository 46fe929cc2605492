import {
  type Atom,
  isConcrete,
  type Program,
  sameType,
  showType,
  type Type,
  valueOf,
} from "@diffrax-ts/program";
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
    if (isConcrete(a) && isConcrete(b)) return constantDifference(a, b, where);
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

function constantDifference(a: Tensor, b: Tensor, where: string): string | undefined {
  if (isSameConstant(a, b)) return undefined;
  return a.size + b.size <= 8
    ? `${where} had ${showConstant(a)} and has ${showConstant(b)}`
    : `${where} has another ${showType(typeOf(a))}`;
}

/** By their bits, but that all NaN are one: 0 and -0 are two numbers, and an int64 may be one that no `number` equals. */
function isSameConstant(a: Tensor, b: Tensor): boolean {
  if (a === b) return true;
  if (!sameType(typeOf(a), typeOf(b))) return false;
  const [x, y] = [valueOf(a).data, valueOf(b).data];
  for (let i = 0; i < a.size; i++) if (!Object.is(x[i], y[i])) return false;
  return true;
}

function showConstant(x: Tensor): string {
  const numbers = Array.from(valueOf(x).data as ArrayLike<number | bigint>, (n) =>
    Object.is(n, -0) ? "-0" : String(n),
  );
  return `${showType(typeOf(x))} ${x.shape.length === 0 ? numbers[0]! : `[${numbers.join()}]`}`;
}

/** The first thing that is found for some of these. */
function firstOf<T>(list: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of list) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
