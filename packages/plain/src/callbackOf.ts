import { apply, type HostFunction, OperatorError, type Type } from "@diffrax-ts/program";
import { type Callable, flatten, unflatten } from "@diffrax-ts/pytree";
import { type Arguments, argumentsLike } from "./callback/argumentsLike.ts";
import { loadNumbers } from "./callback/fields.ts";
import { describe, formOf, withLeaves, writeResult } from "./callback/Form.ts";
import { marked } from "./marks.ts";
import { parameterCount } from "./parse/parseFunction.ts";
import type { PlainError } from "./PlainError.ts";
import { dtypeOfState, type ResultKind } from "./stateDtype.ts";

let callbacks: Record<ResultKind, WeakMap<Callable, Callable>> | undefined;

/**
 * Makes a function on tensors of one that works on numbers, by calling it from compiled code each time.
 *
 * It gets numbers for scalars and `Float64Array`s for vectors, in the structure of its arguments; they are its own to keep and to
 * change. No derivative passes through it.
 *
 * @param result - "state": it returns numbers in the structure of its second argument, as a vector field does. "any":
 * it is called once when it is traced, with 0.5 for every number, to learn what it returns: numbers and truth values, in arrays
 * and objects that have the same form at each call. @defaultValue "state"
 * @param reason - Why it was not read.
 * @throws TypeError, when it is called, if it returns another structure, or something else than a number where one is
 * expected; what it throws itself passes through.
 */
export function callbackOf(
  f: Callable,
  result: ResultKind = "state",
  reason?: PlainError,
): Callable {
  callbacks ??= { state: new WeakMap(), any: new WeakMap() };
  let callback = callbacks[result].get(f);
  if (callback === undefined) {
    callback = marked((...args: readonly unknown[]) => callBack(f, args, result, reason), f, true);
    callbacks[result].set(f, callback);
  }
  return callback;
}

function callBack(
  f: Callable,
  args: readonly unknown[],
  kind: ResultKind,
  reason: PlainError | undefined,
): unknown {
  const name = f.name === "" ? (kind === "state" ? "vector field" : "function") : f.name;
  const invoke = f as unknown as (...args: readonly unknown[]) => unknown;
  const seen = parameterCount(f);
  // What it does not look at need not be sent: args, mostly. The rest is sent in any case: what gets nothing that is
  // traced would be called once and for all.
  const sent = argumentsLike(args.map((x, i) => (i < 2 || i < seen ? x : null)));
  const { make, inputs } = sent;
  const like = kind === "state" ? args[1] : tried(name, invoke, sent, reason);
  const types: Type[] = [];
  const form = formOf(like, types, dtypeOfState(args[1]) ?? "float64");
  if (types.length === 0)
    throw new TypeError(
      `${name}: called ${trial}, it returned ${describe(like)}; it has to return numbers`,
    );
  // The most common forms have a short way.
  const isNumber = form.tag === "number";
  const isList = form.isFlat && form.tag === "array";
  const [t, y, rest] = make;
  const call: HostFunction = (memory, input, output) => {
    const { f64 } = memory;
    let result: unknown;
    try {
      result =
        make.length === 3
          ? invoke(t!(f64, input), y!(f64, input), rest!(f64, input))
          : invoke(...make.map((argument) => argument(f64, input)));
    } catch (error) {
      throw explained(name, error, reason);
    }
    if (isNumber && typeof result === "number") {
      memory.f64[output] = result;
      return;
    }
    if (isList && loadNumbers(result, form.size, memory.f64, output)) return;
    const misfit = writeResult(form, result, memory.f64, output);
    if (misfit === undefined) return;
    const why = kind === "any" ? `; it was called once ${trial}` : "";
    throw new TypeError(`${name}: result${misfit}${why}`);
  };
  const results = apply("hostCallback", inputs, {
    name,
    outputs: types,
    call,
    reason: reason?.message,
  });
  return unflatten(flatten(withLeaves(like)).structure, results);
}

const trial = "with 0.5 for every number, to learn what it returns";

/** What a function returns, for a try. */
function tried(
  name: string,
  invoke: (...args: readonly unknown[]) => unknown,
  { make, size }: Arguments,
  reason: PlainError | undefined,
): unknown {
  const halves = new Float64Array(size).fill(0.5);
  try {
    return invoke(...make.map((argument) => argument(halves, 0)));
  } catch (error) {
    const known = explained(name, error, reason);
    if (known !== error || !(error instanceof Error)) throw known;
    const wayOut =
      reason === undefined ? "" : `; it would not be called if it were read: ${reason.message}`;
    throw new TypeError(`${name}: called ${trial}, it threw "${error.message}"${wayOut}`, {
      cause: error,
    });
  }
}

/** What a function threw, in words that help where it took numbers for tensors. */
function explained(name: string, error: unknown, reason: PlainError | undefined): unknown {
  // A traced value from outside: that it cannot be seen is why the function is called.
  if (error instanceof OperatorError) return reason ?? error;
  if (error instanceof TypeError && tensorMethod.test(error.message))
    return new TypeError(
      `${name}: ${error.message}: a plain function sees numbers and ordinary arrays; for a function that works on tensors write traced(f)`,
      { cause: error },
    );
  return error;
}

const tensorMethod = /\.(add|sub|mul|div|neg|pow|item|toArray) is not a function/;
