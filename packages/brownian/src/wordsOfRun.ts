import { slice } from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";
import type { KeyWords } from "@diffrax-ts/random";

/** The words of some keys in a row, of `[n, 2]`: two vectors. */
export function wordsOfRun(
  keys: Tensor,
  { start = 0, count }: { readonly start?: number; readonly count: number },
): KeyWords {
  const range = [start, start + count] as const;
  return [slice(keys, range, 0), slice(keys, range, 1)];
}
