import { isNoinline, noinline, withoutNoinline } from "@diffrax-ts/autodiff";
import { type Callable, isTracedFunction } from "@diffrax-ts/pytree";
import { callbackOf, type ResultKind } from "./callbackOf.ts";
import { marked } from "./marks.ts";
import { sourceOf } from "./parse/parseFunction.ts";
import { RecentlyUsed } from "./parse/RecentlyUsed.ts";
import { PlainError } from "./PlainError.ts";
import { readPlain } from "./readPlain.ts";
import { dtypeOfState, inDtype } from "./stateDtype.ts";

let fields: Record<ResultKind, WeakMap<Callable, Callable>> | undefined;
let warned: RecentlyUsed<true> | undefined;

/**
 * Makes a function on tensors of any function that stands where a vector field can stand.
 *
 * One marked as `traced` is given back. A plain one is read; the same source gives the very same function. What
 * cannot be read is called back from compiled code, with one warning for each source. A plain function knows no dtypes: its result
 * takes that of the state, its second argument.
 *
 * @param result - What it returns, in case it is called back. @defaultValue "state"
 */
export function readField(f: Callable, result: ResultKind = "state"): Callable {
  if (isTracedFunction(f)) return f;
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

/** Some obstacles show only when it is read with the structure of the arguments at hand. */
function readOrCalled(f: Callable, read: Callable, result: ResultKind): Callable {
  const call = read as unknown as (...args: readonly unknown[]) => unknown;
  const field = (...args: readonly unknown[]): unknown => {
    try {
      const value = call(...args);
      const dtype = dtypeOfState(args[1]);
      return dtype === undefined ? value : inDtype(dtype, value);
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
      `${reason.message}. Until then it is called as it is: slower, and without derivatives.`,
    );
  }
  return callbackOf(f, result, reason);
}
