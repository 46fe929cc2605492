import { type Callable, isTracedFunction, unwrapFixed } from "@diffrax-ts/pytree";
import { originOf } from "./marks.ts";
import { RecentlyUsed } from "./parse/RecentlyUsed.ts";
import { keyOf } from "./parse/keyOf.ts";
import type { PlainFunction } from "./PlainFunction.ts";
import { readPlain } from "./readPlain.ts";
import { withCaptures } from "./withCaptures.ts";

let readings: RecentlyUsed<Callable> | undefined;

/**
 * Reads a function of ordinary arithmetic, `(t, [x, v], { k }) => [v, -k * x]`, as one that works on tensors.
 *
 * Its source is parsed and walked with traced values in the place of numbers: nothing is evaluated as text, so it
 * works under any content security policy, and on minified code. What it becomes is compiled, differentiated and
 * batched like a function written with array operations.
 *
 * Numbers stay scalars, and a vector of the state can be indexed, spread, looped over and mapped. Operators,
 * `Math`, `if`, `?:`, `&&`, early `return`, loops, destructuring, arrays, objects and helper functions mean what they
 * mean in JavaScript. A condition on a traced value chooses between both branches; a branch that is dear, or that may
 * have no finite derivative outside, becomes a branch of the compiled code. How often loops
 * turn has to be known: a number of the source, a length, `fixed(n)` in args. Those whose turns do the same become array operations,
 * others are written out.
 *
 * A function cannot see what stands outside of it, except `Math` and its kind. Pass numbers and functions in
 * through its arguments, or list them in `captures`.
 *
 * @param f - Without `this`, `try`, classes, regular expressions, `async` and generators. It must not change its arguments.
 * @param captures - What it uses from outside, by name. If the last parameter of the function takes an object apart and is left
 * out in a call, it is passed there too: minifiers rename variables, but never keys. Numbers and arrays in it
 * are data, as in `args`: a solve with other ones compiles nothing. `fixed(n)`, and what has to be known when the function is read, the
 * bound of a loop for example, is a constant.
 * @returns The same function for the same source and the same captures, if these are numbers and plain functions.
 * @throws PlainError that names what cannot be read, its line and column within the function, and the way out: at once,
 * or when the function is traced, for what depends on its arguments.
 *
 * @example
 * ```ts
 * import { grad } from "@diffrax-ts/autodiff";
 * import { plain } from "@diffrax-ts/plain";
 *
 * const drag = plain((v: number, k: number) => (v > 0 ? -k * v ** 2 : k * v ** 2));
 * grad(drag)(3, 0.5);
 * // → -3
 *
 * const g = 9.81;
 * const weight = plain((mass: number) => mass * g, { g });
 * grad(weight)(2);
 * // → 9.81
 * ```
 */
export function plain<F extends Callable>(
  f: F,
  captures?: Readonly<Record<string, unknown>>,
): PlainFunction<F> {
  if (captures === undefined) {
    const { read, error } = readPlain(f);
    if (error !== undefined) throw error;
    return read as PlainFunction<F>;
  }
  const values = unwrapFixed(captures);
  const key = keyWith(f, values);
  readings ??= new RecentlyUsed(128);
  let read = key === undefined ? undefined : readings.get(key);
  if (read === undefined) read = withCaptures(f, captures);
  if (key !== undefined) readings.set(key, read);
  return read as PlainFunction<F>;
}

/** A text that is the same for the same source and captures, if these are known by their texts. */
function keyWith(f: Callable, captures: Readonly<Record<string, unknown>>): string | undefined {
  let key = keyOf(f);
  for (const [name, value] of Object.entries(captures)) {
    const text = typeof value === "function" ? textOf(value as Callable) : literal(value);
    if (text === undefined) return;
    key += `\n${name}: ${typeof value} ${text}`;
  }
  return key;
}

/** The text of a function that uses nothing from outside. */
function textOf(f: Callable): string | undefined {
  const origin = originOf(f);
  return isTracedFunction(origin) || readPlain(origin).read === undefined
    ? undefined
    : keyOf(origin);
}

function literal(value: unknown): string | undefined {
  if (typeof value === "object" && value !== null) return undefined;
  if (typeof value === "string") return JSON.stringify(value);
  return Object.is(value, -0) ? "-0" : String(value);
}
