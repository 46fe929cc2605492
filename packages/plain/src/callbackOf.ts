import { apply, type HostFunction, type Type } from "@diffrax-ts/program";
import { type Callable, flatten, unflatten } from "@diffrax-ts/pytree";
import { argumentsLike } from "./callback/Arguments.ts";
import { formOf, writeResult } from "./callback/Form.ts";
import { marked } from "./marks.ts";

let callbacks: WeakMap<Callable, Callable> | undefined;

/**
 * Makes a function on tensors of one that works on numbers, by calling it from compiled code each time.
 *
 * It gets numbers for scalars and `Float64Array`s for vectors, in the structure of its arguments, and has to return
 * numbers in the structure of the second one, the state. The arrays and objects that it gets are filled anew
 * for the next call: it must not keep them. No derivative passes through it.
 *
 * @throws TypeError, when it is called, if it returns another structure; what it throws itself passes through.
 */
export function callbackOf(f: Callable): Callable {
  callbacks ??= new WeakMap();
  let callback = callbacks.get(f);
  if (callback === undefined) {
    callback = marked((...args: readonly unknown[]) => callBack(f, args), f, true);
    callbacks.set(f, callback);
  }
  return callback;
}

function callBack(f: Callable, args: readonly unknown[]): unknown {
  const name = f.name === "" ? "vector field" : f.name;
  const state = args[1];
  const types: Type[] = [];
  const form = formOf(state, types);
  const { values, inputs, fill } = argumentsLike(args);
  const path = (): string => `${name}: result`;
  const invoke = f as unknown as (...args: readonly unknown[]) => unknown;
  const call: HostFunction = (memory, input, output) => {
    fill(memory.f64, input);
    const result = values.length === 3 ? invoke(values[0], values[1], values[2]) : invoke(...values);
    writeResult(form, result, memory.f64, output, path);
  };
  const results = apply("hostCallback", inputs, { name, outputs: types, call });
  return unflatten(flatten(state).structure, results);
}
