import { type Bursts, burstsOf, type Held, type LiveBursts } from "./burstsOf.ts";
import type { Prepared } from "./prepare.ts";

let abandoned: FinalizationRegistry<Held> | undefined;

/**
 * The bursts of a solve for somebody who may forget about them: when the generator is collected before its end, its memory is given
 * back. Inside the library bursts are run to their end or returned, and need no such care.
 */
export function handOut(
  prepared: Prepared,
  { held = { run: null }, live }: { readonly held?: Held; readonly live?: LiveBursts } = {},
): Bursts {
  abandoned ??= new FinalizationRegistry(({ run }) => run?.release());
  const bursts = burstsOf(prepared, { held, ...(live && { live, turns: 1 }) });
  abandoned.register(bursts, held);
  return bursts;
}
