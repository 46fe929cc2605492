import { type Callable, markTraced, markWritten } from "@diffrax-ts/pytree";

/** Where a function that was read keeps the one it was read from. */
const originKey: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/plain");

/** Marks what the reader made of a plain function. */
const readKey: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/plain/read");

/** What a function that was read gives before lists that loops have filled are taken apart. */
export type Raw = (...args: readonly unknown[]) => unknown;

/** Marks a function as one that the reader made. */
export function markRead<F extends Callable>(f: F, raw: Raw): F {
  return Object.assign(f, { [readKey]: raw });
}

/** How a function is called for a result in the structure of a state. */
export function rawOf(f: Callable): Raw {
  return (f as { readonly [readKey]?: Raw })[readKey] ?? (f as unknown as Raw);
}

/** Whether a function runs a plain one on tensors. */
export function isRead(f: Callable): boolean {
  return readKey in f;
}

/** Marks a function as one that works on tensors and, if it does the very same, notes the plain one. */
export function marked<F extends Callable>(f: F, origin: Callable, isSame: boolean): F {
  Object.defineProperty(f, "length", { value: origin.length });
  Object.defineProperty(f, "name", { value: origin.name });
  const made = markWritten(markTraced(f), origin);
  return isSame ? Object.assign(made, { [originKey]: origin }) : made;
}

/** The plain function from which one that works on tensors was made; any other as it is. */
export function originOf(f: Callable): Callable {
  return (f as { readonly [originKey]?: Callable })[originKey] ?? f;
}
