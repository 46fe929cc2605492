import { type Callable, unwrapFixed } from "@diffrax-ts/pytree";
import { readPlain, reader } from "./readPlain.ts";

/** Reads. */
export function plain<F extends Callable>(f: F, captures?: Readonly<Record<string, unknown>>): F {
  if (captures === undefined) {
    const { read, error } = readPlain(f);
    if (error !== undefined) throw error;
    return read as F;
  }
  const values = unwrapFixed(captures);
  return reader(f, values, [values]) as F;
}
