import { type Callable, markWritten, writtenOf } from "@diffrax-ts/pytree";

let known: WeakMap<Callable, Map<string, Callable>> | undefined;

/**
 * What a transformation makes of a function: the same for the same function and options, so that what others make of it in their
 * turn, and have compiled, is found again. `vmap(grad(f))` may be written where it is called.
 *
 * @param make - Refuses what is no function, and options that are none.
 */
export function transformed<F extends Callable>(
  name: string,
  f: Callable,
  options: object,
  make: () => F,
): F {
  if (typeof f !== "function") return make();
  known ??= new WeakMap();
  let ofFunction = known.get(f);
  if (ofFunction === undefined) known.set(f, (ofFunction = new Map()));
  const key = `${name} ${keyOf(options)}`;
  let made = ofFunction.get(key);
  if (made === undefined) ofFunction.set(key, (made = markWritten(make(), writtenOf(f))));
  return made as F;
}

/** A text for options, in which each value has another: JSON has one for `null` and not-a-number. */
function keyOf(options: object): string {
  return JSON.stringify(Object.entries(options ?? {}), (_, value: unknown) =>
    typeof value === "number" || value === undefined ? `#${String(value)}` : value,
  );
}
