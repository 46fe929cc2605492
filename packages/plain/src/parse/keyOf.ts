import type { Callable } from "@diffrax-ts/pytree";

let numbers: WeakMap<Callable, number> | undefined;
let count = 0;

/** The source of a function. */
export function sourceOf(f: Callable): string {
  return Function.prototype.toString.call(f);
}

/** What errors call a function; nothing for one that has no name. One that is bound has the name of what was bound, and "bound" before it. */
export function nameOf({ name }: Callable): string {
  return name.replace(/^(?:bound\s+)+/u, "");
}

/** Whether a function shows no source: it is bound, a Proxy, or built in. */
export function isSourceless(source: string): boolean {
  return /\{\s*\[native code\]\s*\}$/.test(source);
}

/**
 * What a function is known by: its name, which its errors say, and its source. All functions that show no source show the same
 * text, so each of them is known by itself.
 */
export function keyOf(f: Callable): string {
  const source = sourceOf(f);
  if (!isSourceless(source)) return `${f.name} ${source}`;
  numbers ??= new WeakMap();
  let number = numbers.get(f);
  if (number === undefined) numbers.set(f, (number = ++count));
  return `${f.name} ${number} ${source}`;
}
