import { isNoinline, noinline, withoutNoinline } from "@diffrax-ts/autodiff";
import { type Callable, isTracedFunction } from "@diffrax-ts/pytree";
import { callbackOf } from "./callbackOf.ts";
import { isRead, marked, originOf } from "./marks.ts";
import { sourceOf } from "./parse/parseFunction.ts";
import { RecentlyUsed } from "./parse/RecentlyUsed.ts";
import { PlainError } from "./PlainError.ts";
import { readPlain } from "./readPlain.ts";
import { inStateDtype, type ResultKind } from "./stateDtype.ts";

let fields: Record<ResultKind, WeakMap<Callable, Callable>> | undefined;
let warned: RecentlyUsed<true> | undefined;

/**
 * Makes a function on tensors of any function that stands where a vector field can stand.
 *
 * One marked as `traced` is given back. A plain one is read; the same source gives the very same function. What
 * cannot be read is called back from compiled code, with one warning for each source. A plain function knows no dtypes, `plain(f)`
 * neither: its result takes that of the state, its second argument.
 *
 * @param result - What it returns: numbers in the structure of its second argument, or anything. @defaultValue "state"
 */
export function readField(f: Callable, result: ResultKind = "state"): Callable {
  if (isTracedFunction(f)) return isRead(f) ? kept(f, result, () => strict(f, result)) : f;
  if (isNoinline(f)) {
    const inner = withoutNoinline(f);
    const read = readField(inner, result);
    return read === inner ? f : kept(read, result, () => noinline(read));
  }
  const { read, error } = readPlain(f);
  return read === undefined
    ? called(f, result, error)
    : kept(read, result, () => readOrCalled(f, read, result));
}

/** What was made of a function before, or is made now. */
function kept(f: Callable, result: ResultKind, make: () => Callable): Callable {
  fields ??= { state: new WeakMap(), any: new WeakMap() };
  let field = fields[result].get(f);
  if (field === undefined) fields[result].set(f, (field = make()));
  return field;
}

/** What `plain` made of a function: what cannot be read in it is an error. */
function strict(f: Callable, result: ResultKind): Callable {
  const origin = originOf(f);
  const call = f as unknown as (...args: readonly unknown[]) => unknown;
  const field = (...args: readonly unknown[]): unknown =>
    inStateDtype(call(...args), args[1], result);
  return marked(field, origin, origin !== f);
}

/** Some obstacles show only when it is read with the structure of the arguments at hand. */
function readOrCalled(f: Callable, read: Callable, result: ResultKind): Callable {
  const call = read as unknown as (...args: readonly unknown[]) => unknown;
  const field = (...args: readonly unknown[]): unknown => {
    try {
      return inStateDtype(call(...args), args[1], result);
    } catch (error) {
      if (!(error instanceof PlainError) || error.isMistake) throw error;
      return (called(f, result, error) as unknown as typeof call)(...args);
    }
  };
  return marked(field, f, true);
}

function called(f: Callable, result: ResultKind, reason: PlainError): Callable {
  warned ??= new RecentlyUsed(128);
  const source = sourceOf(f);
  if (warned.get(source) === undefined) {
    warned.set(source, true);
    console.warn(
      `${reason.message}. The function is called from compiled code instead: slower, and without derivatives.`,
    );
  }
  return callbackOf(f, result, reason);
}
