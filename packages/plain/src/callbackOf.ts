import { apply, type HostFunction, OperatorError, type Type } from "@diffrax-ts/program";
import { type Callable, flatten, unflatten } from "@diffrax-ts/pytree";
import { argumentsLike } from "./callback/argumentsLike.ts";
import { loadNumbers } from "./callback/fields.ts";
import { formOf, writeResult } from "./callback/Form.ts";
import { marked } from "./marks.ts";
import { parameterCount } from "./parse/parseFunction.ts";
import type { PlainError } from "./PlainError.ts";

/** What a function returns: numbers in the structure of the state, its second argument; or anything. */
export type ResultKind = "state" | "any";

let callbacks: Record<ResultKind, WeakMap<Callable, Callable>> | undefined;

/**
 * Makes a function on tensors of one that works on numbers, by calling it from compiled code each time.
 *
 * It gets numbers for scalars and `Float64Array`s for vectors, in the structure of its arguments. These arrays and
 * objects are filled anew for the next call: it must neither keep nor change them. No derivative passes through it.
 *
 * @param result - "state": it returns numbers in the structure of its second argument, as a vector field does. "any":
 * it is called once when it is traced, with 0.5 for every number, to learn what it returns. @defaultValue "state"
 * @param reason - Why it was not read.
 * @throws TypeError, when it is called, if it returns another structure; what it throws itself passes through.
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
  const name = f.name === "" ? "vector field" : f.name;
  const invoke = f as unknown as (...args: readonly unknown[]) => unknown;
  const seen = parameterCount(f);
  // What it does not look at need not be sent: args, mostly. The rest is sent in any case: what gets nothing that is
  // traced would be called once and for all.
  const { make, inputs, size } = argumentsLike(args.map((x, i) => (i < 2 || i < seen ? x : null)));
  const halves = new Float64Array(size).fill(0.5);
  // Each is made once at least before it counts: with fractions, so that engines store doubles from the start.
  const first = make.map((argument) => argument(halves, 0));
  const like = kind === "state" ? args[1] : invoke(...first);
  const types: Type[] = [];
  const form = formOf(like, types);
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
      // A traced value from outside: that it cannot be seen is why the function is called.
      throw error instanceof OperatorError && reason !== undefined ? reason : error;
    }
    if (isList && loadNumbers(result, form.size, memory.f64, output)) return;
    const misfit = writeResult(form, result, memory.f64, output);
    if (misfit !== undefined) throw new TypeError(`${name}: result${misfit}`);
  };
  const results = apply("hostCallback", inputs, {
    name,
    outputs: types,
    call,
    reason: reason?.message,
  });
  return unflatten(flatten(like).structure, results);
}
