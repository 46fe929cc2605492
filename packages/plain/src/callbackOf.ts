import {
  apply,
  calleeOf,
  enter,
  type HostFunction,
  leave,
  OperatorError,
  type Type,
} from "@diffrax-ts/program";
import { type Callable, ConstantWanted, flatten, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { type Arguments, argumentsLike } from "./callback/argumentsLike.ts";
import { loadNumbers } from "./callback/fields.ts";
import { describe, formOf, withLeaves, writeResult } from "./callback/Form.ts";
import { marked } from "./marks.ts";
import { warnOf } from "./callback/warnOf.ts";
import { isStackOverflow } from "./isStackOverflow.ts";
import { nameOf } from "./parse/keyOf.ts";
import { returnsIt } from "./parse/checkReturn.ts";
import { parameterCount } from "./parse/parseFunction.ts";
import type { PlainError } from "./PlainError.ts";
import { dtypeOfState, type ResultKind, stateAmong } from "./stateDtype.ts";

/** A function that is called back. */
export interface Callback {
  /** The function; of those that come by number one that has their source, and that is never called. */
  readonly f: Callable;
  /** What stands for the function in a run; `null` if it is always the same. */
  readonly number: Tensor | null;
  readonly kind: ResultKind;
  /** What it returned when it was tried, if that is known. */
  readonly like?: unknown;
  /** Why it was not read. */
  readonly reason: PlainError | undefined;
}

let callbacks: Record<ResultKind, WeakMap<Callable, Callable>> | undefined;

/**
 * Makes a function on tensors of one that works on numbers, by calling it from compiled code each time.
 *
 * It gets numbers for scalars and `Float64Array`s for vectors, in the structure of its arguments; they are its own to keep and to
 * change. No derivative passes through it.
 *
 * @param result - "state": it returns numbers in the structure of its second argument, as a vector field does; "gradient": in that
 * of its first. "any":
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
  callbacks ??= { state: new WeakMap(), gradient: new WeakMap(), any: new WeakMap() };
  let callback = callbacks[result].get(f);
  if (callback === undefined) {
    const own = { f, number: null, kind: result, reason };
    callback = marked((...args: readonly unknown[]) => callBack(own, args), f, true);
    callbacks[result].set(f, callback);
  }
  return callback;
}

type Invoke = (...args: readonly unknown[]) => unknown;

/** Records the call of a function from compiled code. */
export function callBack(callback: Callback, args: readonly unknown[]): unknown {
  const { f, number, kind, reason } = callback;
  const own = number === null ? (f as unknown as Invoke) : null;
  const sent = sentTo(f, args);
  const { make } = sent;
  const state = stateAmong(args, kind);
  const like = kind !== "any" ? state : "like" in callback ? callback.like : tried(f, sent, reason);
  const types: Type[] = [];
  const form = formOf(like, types, dtypeOfState(state) ?? "float64");
  // Of a state without numbers there is no derivative to ask for.
  if (types.length === 0 && kind !== "any") return like;
  if (types.length === 0)
    throw new TypeError(
      `${calledIn(f, kind)}: called ${trial}, it returned ${describe(like)}; it has to return numbers`,
    );
  // The most common forms have a short way.
  const isNumber = form.tag === "number";
  const isList = form.isFlat && form.tag === "array";
  const [t, y, rest] = make;
  const first = number === null ? 0 : 1;
  let isQuiet = reason !== undefined && !reason.isKnown;
  const call: HostFunction = (memory, input, output) => {
    const { f64 } = memory;
    const start = input + first;
    const invoke = own ?? (calleeOf(f64[input]!) as unknown as Invoke);
    let result: unknown;
    try {
      result =
        make.length === 3
          ? invoke(t!(f64, start), y!(f64, start), rest!(f64, start))
          : invoke(...make.map((argument) => argument(f64, start)));
    } catch (error) {
      throw explained(calledIn(invoke, kind), error, reason);
    }
    // Where the first call fails, its error says the same.
    if (isQuiet) {
      isQuiet = false;
      warnOf(f, reason!);
    }
    if (isNumber && typeof result === "number") {
      memory.f64[output] = result;
      return;
    }
    if (isList && loadNumbers(result, form.size, memory.f64, output)) return;
    const misfit = writeResult(form, result, memory.f64, output);
    if (misfit === undefined) return;
    const why =
      kind === "any"
        ? `; it was called once ${trial}`
        : result === undefined
          ? `: ${returnsIt}`
          : "";
    throw new TypeError(`${calledIn(invoke, kind)}: result${misfit}${why}`);
  };
  const inputs = number === null ? sent.inputs : [number, ...sent.inputs];
  const results = apply("hostCallback", inputs, {
    name: calledIn(f, kind),
    outputs: types,
    call,
    reason: reason?.message,
  });
  return unflatten(flatten(withLeaves(like)).structure, results);
}

/** What a function returns that is called with arguments like these, found by calling it once. */
export function resultOf(
  f: Callable,
  args: readonly unknown[],
  reason: PlainError | undefined,
): unknown {
  return tried(f, sentTo(f, args), reason);
}

/**
 * What a function is sent. What it does not look at need not be: args, mostly. The rest is sent in any case: what gets nothing that
 * is traced would be called once and for all.
 */
function sentTo(f: Callable, args: readonly unknown[]): Arguments {
  const seen = parameterCount(f);
  return argumentsLike(args.map((x, i) => (i < 2 || i < seen ? x : null)));
}

function calledIn(f: Callable, kind: ResultKind): string {
  const name = nameOf(f);
  if (name !== "") return name;
  return { state: "vector field", gradient: "gradF", any: "function" }[kind];
}

const trial = "with 0.5 for every number, to learn what it returns";

/** What a function returns, for a try. */
function tried(
  f: Callable,
  { make, size, known }: Arguments,
  reason: PlainError | undefined,
): unknown {
  const halves = new Float64Array(size).fill(0.5);
  const callees: number[] = [];
  for (const [at, number] of known)
    halves[at] = typeof number === "number" ? number : callees[callees.push(enter(number)) - 1]!;
  const name = calledIn(f, "any");
  try {
    return (f as unknown as Invoke)(...make.map((argument) => argument(halves, 0)));
  } catch (error) {
    if (error instanceof ConstantWanted) throw error;
    const better = explained(name, error, reason);
    if (better !== error || !(error instanceof Error)) throw better;
    const wayOut =
      reason === undefined ? "" : `; it would not be called if it were read: ${reason.message}`;
    throw new TypeError(`${name}: called ${trial}, it threw "${error.message}"${wayOut}`, {
      cause: error,
    });
  } finally {
    for (const number of callees) leave(number);
  }
}

/** What a function threw, in words that help where it took numbers for tensors. */
function explained(name: string, error: unknown, reason: PlainError | undefined): unknown {
  // A traced value from outside: that it cannot be seen is why the function is called.
  if (error instanceof OperatorError) return reason ?? error;
  // It does not end, which is why it was not read.
  if (reason !== undefined && isStackOverflow(error)) return reason;
  if (error instanceof TypeError && tensorMethod.test(error.message))
    return new TypeError(
      `${name}: ${error.message}: a plain function is given numbers and ordinary arrays; for a function that works on tensors write traced(f)${because(reason)}`,
      { cause: error },
    );
  if (
    error instanceof TypeError &&
    reason !== undefined &&
    ofThis.test(reason.sentence) &&
    isMissing.test(error.message)
  )
    return new TypeError(
      `${name}: ${error.message}: it is called without an object before it, so that \`this\` is undefined; write (t, y, args) => object.method(t, y, args), or pass what it needs through args`,
      { cause: error },
    );
  return error;
}

/** Why a function is called with numbers, where that is what went wrong. */
function because(reason: PlainError | undefined): string {
  return reason === undefined ? "" : `. It is called because it was not read: ${reason.message}`;
}

const ofThis = /: (?:`this` has no value here|its source cannot be parsed outside of where)/u;
const isMissing = /undefined/u;
const tensorMethod = /\.(add|sub|mul|div|neg|pow|at|item|toArray|toJSON) is not a function/;
