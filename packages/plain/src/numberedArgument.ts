import { calleeIn, calleeOf, calleeTensor } from "@diffrax-ts/program";
import {
  type Callable,
  type Closure,
  closure,
  ConstantWanted,
  type Tensor,
} from "@diffrax-ts/pytree";
import { marked } from "./marks.ts";
import type { PlainError } from "./PlainError.ts";

/** What makes the functions of one source, of their numbers. */
interface Maker {
  readonly make: Closure["make"];
  /** Somebody has to know the function itself while it is traced. */
  isConstant: boolean;
}

let numbered: WeakMap<Callable, Callable> | undefined;
let makers: WeakMap<PlainError, Maker> | undefined;

/**
 * A function in a tree of arguments that cannot be read, with its number in its place: a function that is called back is handed the
 * function with that number. If it is called on tensors it has to be known, and functions of its source are constants from then on.
 *
 * @param reason - Why it cannot be read: one for each source.
 */
export function numberedArgument(f: Callable, reason: PlainError): Callable {
  makers ??= new WeakMap();
  let maker = makers.get(reason);
  if (maker === undefined) makers.set(reason, (maker = makerFor(f)));
  if (maker.isConstant) return f;
  numbered ??= new WeakMap();
  let made = numbered.get(f);
  if (made === undefined) numbered.set(f, (made = maker.make(calleeTensor(f))));
  return made;
}

function makerFor(first: Callable): Maker {
  const wanted = (): never => {
    maker.isConstant = true;
    throw new ConstantWanted(`${first.name || "a function in args"}: it has to be known here`);
  };
  const make: Closure["make"] = (data) => {
    if (typeof data === "number") return calleeOf(data) ?? wanted();
    const f = calleeIn(data as Tensor) ?? wanted;
    const call = (...args: readonly unknown[]): unknown =>
      (f as (...args: readonly unknown[]) => unknown)(...args);
    const isConstant = (): boolean => maker.isConstant && f !== wanted;
    return closure(marked(call, first, true), { make, data, isConstant });
  };
  const maker: Maker = { make, isConstant: false };
  return maker;
}
