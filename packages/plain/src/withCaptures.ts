import { isTraced, KeptMap } from "@diffrax-ts/program";
import {
  type Callable,
  closure,
  ConstantWanted,
  isTensor,
  leaves,
  map,
  unwrapFixed,
} from "@diffrax-ts/pytree";
import { interpret } from "./interpret.ts";
import { marked, markRead } from "./marks.ts";
import { keyOf } from "./parse/keyOf.ts";
import type { Unit } from "./parse/Unit.ts";
import { PlainError } from "./PlainError.ts";
import { readFunctions } from "./readFunctions.ts";
import { parsedWith } from "./readPlain.ts";
import { withLists } from "./turns/Rows.ts";

type Captures = Readonly<Record<string, unknown>>;

/** What reads the functions of one source, with captures of the same names. */
interface Maker {
  readonly make: (captures: unknown) => Callable;
  /** A number among the captures has to be known, as the bound of a loop for example. */
  isConstant: boolean;
}

/** What a maker takes without the syntax tree, which others keep too. */
const makerBytes = 1000;

let makers: KeptMap<Maker> | undefined;

/** A function that runs a plain one with what it uses from outside. The numbers and arrays among that are its data. */
export function withCaptures(f: Callable, captures: Captures): Callable {
  makers ??= new KeptMap();
  const key = `${JSON.stringify(Object.keys(captures))} ${keyOf(f)}`;
  let maker = makers.get(key);
  if (maker === undefined)
    makers.set(key, (maker = makerFor(f, parsedWith(f, captures))), makerBytes);
  return maker.make(readFunctions(captures));
}

function makerFor(f: Callable, unit: Unit): Maker {
  const make = (data: unknown): Callable => {
    let known: Captures | undefined;
    const raw = (...args: readonly unknown[]): unknown => {
      known ??= unwrapFixed(maker.isConstant ? withNumbers(data) : data) as Captures;
      try {
        return interpret(unit, known, withLast(unit, args, known));
      } catch (error) {
        if (maker.isConstant || !(error instanceof PlainError) || areKnown(data)) throw error;
        known = undefined;
        maker.isConstant = true;
        throw new ConstantWanted(error.message);
      }
    };
    const isConstant = (): boolean => maker.isConstant && areKnown(data);
    const call = (...args: readonly unknown[]): unknown => withLists(raw(...args));
    return closure(markRead(marked(call, f, false), raw), {
      make,
      data,
      isConstant,
    });
  };
  const maker: Maker = { make, isConstant: false };
  return maker;
}

function areKnown(data: unknown): boolean {
  return !leaves(data).some((leaf) => isTensor(leaf) && isTraced(leaf));
}

/** Numbers in the place of what a solve in float32 has made of them. */
function withNumbers(data: unknown): unknown {
  return map(
    (leaf) =>
      isTensor(leaf) && leaf.dtype === "float32" && leaf.size === 1 && !isTraced(leaf)
        ? leaf.item()
        : leaf,
    data,
  );
}

/** The arguments, and the captures as the last one if it is left out and is an object that is taken apart. */
function withLast(
  { node: { params } }: Unit,
  args: readonly unknown[],
  captures: Captures,
): readonly unknown[] {
  const last = params.length - 1;
  const parameter = params[last];
  const pattern = parameter?.type === "AssignmentPattern" ? parameter.left : parameter;
  if (pattern?.type !== "ObjectPattern" || args[last] !== undefined) return args;
  return Array.from({ length: last + 1 }, (_, i) => (i === last ? captures : args[i]));
}
