import { type Callable, describeValue } from "@diffrax-ts/pytree";

/** @throws TypeError for what is no function. */
export function requireFunction<F extends Callable>(name: string, f: F): F {
  if (typeof f === "function") return f;
  throw new TypeError(`${name}: expected a function, got ${describeValue(f)}`);
}
