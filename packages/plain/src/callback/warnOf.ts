import type { Callable } from "@diffrax-ts/pytree";
import { isSourceless, keyOf, sourceOf } from "../parse/keyOf.ts";
import { RecentlyUsed } from "../parse/RecentlyUsed.ts";
import type { PlainError } from "../PlainError.ts";

let warned: RecentlyUsed<true> | undefined;
let sourceless = 0;

/** Of so many functions that show no source there is a warning each: one that is bound anew at each call is another one each time. */
const mostSourceless = 20;

/** Warns, once for each name and source, that a function is called back, and why. */
export function warnOf(f: Callable, reason: PlainError): void {
  if (reason.isKnown) return;
  reason.isKnown = true;
  if (isSourceless(sourceOf(f)) && ++sourceless > mostSourceless) return;
  warned ??= new RecentlyUsed(128);
  const key = keyOf(f);
  if (warned.get(key) !== undefined) return;
  warned.set(key, true);
  console.warn(
    `${reason.sentence}. The function is called from compiled code instead: slower, and without derivatives but for the Jacobian of an implicit solver, which is made of differences.${reason.excerpt}`,
  );
}
