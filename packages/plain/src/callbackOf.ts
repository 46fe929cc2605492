import { apply, type HostFunction, type Type } from "@diffrax-ts/program";
import { type Callable, flatten, unflatten } from "@diffrax-ts/pytree";
import { argumentsLike } from "./callback/Arguments.ts";
import { formOf, misfit, writeResult } from "./callback/Form.ts";
import { marked } from "./marks.ts";

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
 * @throws TypeError, when it is called, if it returns another structure; what it throws itself passes through.
 */
export function callbackOf(f: Callable, result: ResultKind = "state"): Callable {
  callbacks ??= { state: new WeakMap(), any: new WeakMap() };
  let callback = callbacks[result].get(f);
  if (callback === undefined) {
    callback = marked((...args: readonly unknown[]) => callBack(f, args, result), f, true);
    callbacks[result].set(f, callback);
  }
  return callback;
}

function callBack(f: Callable, args: readonly unknown[], kind: ResultKind): unknown {
  const name = f.name === "" ? "vector field" : f.name;
  const { values, inputs, places, fill } = argumentsLike(args);
  const invoke = f as unknown as (...args: readonly unknown[]) => unknown;
  const like = kind === "state" ? args[1] : invoke(...values);
  const types: Type[] = [];
  const form = formOf(like, types);
  const isUsual = values.length === 3;
  const [a = -1, b = -1, c = -1] = places;
  const call: HostFunction = (memory, input, output) => {
    const { f64 } = memory;
    fill(f64, input);
    let result: unknown;
    if (isUsual) {
      // As for t, y and args; no number has to be stored.
      result = invoke(
        a < 0 ? values[0] : f64[input + a],
        b < 0 ? values[1] : f64[input + b],
        c < 0 ? values[2] : f64[input + c],
      );
    } else {
      for (const [i, at] of places.entries()) if (at >= 0) values[i] = f64[input + at];
      result = invoke(...values);
    }
    if (writeResult(form, result, memory.f64, output) >= 0) return;
    throw new TypeError(
      misfit(form, result, `${name}: result`) ?? `${name}: result: expected the structure of y0`,
    );
  };
  const results = apply("hostCallback", inputs, { name, outputs: types, call });
  return unflatten(flatten(like).structure, results);
}
