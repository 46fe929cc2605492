import {
  concatenate,
  flip,
  full,
  maximum,
  minimum,
  reshape,
  slice,
  tensor,
} from "@diffrax-ts/array";
import { isTraced } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";

/** Times in increasing order: a copy, so that what the caller does to an array later is not seen. */
export function sortedTimes(ts: Tensor): Tensor {
  if (isTraced(ts)) return sortedInTrace(ts);
  const numbers = Float64Array.from(ts as Iterable<number>).toSorted();
  return tensor(numbers, { dtype: ts.dtype });
}

/**
 * Sorts what is known only when a solve runs, by a network of comparisons of which every one is of whole arrays: `k (k + 1) / 2` for
 * `2ᵏ` times.
 *
 * @see Batcher (1968), "Sorting networks and their applications", doi:10.1145/1468075.1468121
 */
function sortedInTrace(ts: Tensor): Tensor {
  const n = ts.length;
  const size = 2 ** Math.ceil(Math.log2(n));
  let all = concatenate([ts, full([size - n], Infinity, { dtype: ts.dtype })]);
  for (let block = 2; block <= size; block *= 2) {
    // Two sorted halves, the second turned round: what is smaller comes into the first.
    all = exchanged(all, block, true);
    for (let width = block / 2; width > 1; width /= 2) all = exchanged(all, width, false);
  }
  return slice(all, [0, n]);
}

/** Of every pair of elements in the two halves of each block, the smaller one first. */
function exchanged(all: Tensor, width: number, isMirrored: boolean): Tensor {
  const turned = (x: Tensor): Tensor => (isMirrored ? flip(x, { axis: 1 }) : x);
  const half = width / 2;
  const blocks = reshape(all, [all.length / width, width]);
  const [a, b] = [slice(blocks, null, [0, half]), turned(slice(blocks, null, [half]))];
  const pairs = concatenate([minimum(a, b), turned(maximum(a, b))], { axis: 1 });
  return reshape(pairs, all.shape);
}
