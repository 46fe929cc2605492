import { type Burst, burstsOf, type Held } from "./burstsOf.ts";
import type { Outcome } from "./Outcome.ts";
import type { Prepared } from "./prepare.ts";

let abandoned: FinalizationRegistry<Held> | undefined;

/**
 * The bursts of a solve for somebody who may forget about them: when the generator is collected before its end, its memory is given
 * back. Inside the library bursts are run to their end or returned, and need no such care.
 */
export function handOut(prepared: Prepared): Generator<Burst, Outcome, undefined> {
  abandoned ??= new FinalizationRegistry(({ run }) => run?.release());
  const held: Held = { run: null };
  const bursts = burstsOf(prepared, { held });
  abandoned.register(bursts, held);
  return bursts;
}
