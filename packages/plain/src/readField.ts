import { isNoinline, noinline, withoutNoinline } from "@diffrax-ts/autodiff";
import { type Callable, derived, isTracedFunction } from "@diffrax-ts/pytree";
import { callbackOf } from "./callbackOf.ts";
import { isRead, marked, originOf, rawOf, type Raw } from "./marks.ts";
import { numberedOf } from "./numberedOf.ts";
import { PlainError } from "./PlainError.ts";
import { readPlain } from "./readPlain.ts";
import { inStateDtype, type ResultKind, stateAmong } from "./stateDtype.ts";

/** For a run at top level, which can be handed other functions than the next one. */
export interface CalledInRun {
  /** Arguments like those that the function will be called with, where it may return anything; `null` if they are not known. */
  readonly sample: readonly unknown[] | null;
}

let fields: Record<ResultKind, WeakMap<Callable, Callable>> | undefined;

/**
 * Makes a function on tensors of any function that stands where a vector field can stand.
 *
 * One marked as `traced` is given back. A plain one is read; the same source gives the very same function. What
 * cannot be read is called back from compiled code, with one warning for each name and source. A plain function knows no dtypes, `plain(f)`
 * neither: its result takes that of the state.
 *
 * @param result - What it returns: numbers in the structure of its second argument, in that of its first ("gradient"), or anything.
 * @defaultValue "state"
 * @param run - A function that is called back in a run is an input of what is compiled; without it is a constant.
 */
export function readField(
  f: Callable,
  result: ResultKind = "state",
  run: CalledInRun | null = null,
): Callable {
  if (isTracedFunction(f)) return isRead(f) ? kept(f, result, (plain) => strict(plain, result)) : f;
  if (isNoinline(f)) {
    const inner = withoutNoinline(f);
    const read = readField(inner, result, run);
    return read === inner ? f : kept(read, result, noinline);
  }
  const { read, error } = readPlain(f);
  if (read !== undefined) return kept(read, result, () => readOrCalled(f, read, result));
  if (error.isMistake) throw error;
  return run === null ? callbackOf(f, result, error) : numberedOf(f, result, error, run.sample);
}

/** What was made of a function before, or is made now. */
function kept(f: Callable, result: ResultKind, make: (f: Callable) => Callable): Callable {
  fields ??= { state: new WeakMap(), gradient: new WeakMap(), any: new WeakMap() };
  return derived(fields[result], f, make);
}

/** What `plain` made of a function: what cannot be read in it is an error. */
function strict(f: Callable, result: ResultKind): Callable {
  const origin = originOf(f);
  const call = rawOf(f);
  const field = (...args: readonly unknown[]): unknown =>
    inStateDtype(call(...args), stateAmong(args, result), result);
  return marked(field, origin, origin !== f);
}

/** Some obstacles show only when it is read with the structure of the arguments at hand. */
function readOrCalled(f: Callable, read: Callable, result: ResultKind): Callable {
  const call = rawOf(read);
  const field = (...args: readonly unknown[]): unknown => {
    try {
      return inStateDtype(call(...args), stateAmong(args, result), result);
    } catch (error) {
      if (!(error instanceof PlainError) || error.isMistake) throw error;
      return (callbackOf(f, result, error) as unknown as Raw)(...args);
    }
  };
  return marked(field, f, true);
}
