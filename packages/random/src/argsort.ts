import {
  arange,
  astype,
  cumsum,
  reshape,
  sub,
  take,
  tensor,
  where,
  zeros,
} from "@diffrax-ts/array";
import { scan, vmap } from "@diffrax-ts/autodiff";
import {
  add,
  apply,
  bitcast,
  bitwiseAnd,
  bitwiseXor,
  isTraced,
  less,
  shiftRight,
  shiftRightLogical,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { elements } from "./arguments.ts";

/** The places of uint32 words in increasing order along the last axis, int32; equal ones stay in their order. */
export function argsort(words: Tensor): Tensor {
  const { shape } = words;
  if (!isTraced(words)) return tensor(orderOf(words));
  if (shape.length === 1) return byDigits(words);
  const rows = reshape(words, [-1, shape.at(-1)!]);
  return reshape(vmap(byDigits)(rows), shape);
}

/** The places of floats in decreasing order along the last axis, int32; equal ones stay in their order. */
export function argsortDown(x: Tensor): Tensor {
  // The bits of a float grow with its magnitude. All but the sign are turned round for those that are not negative.
  if (x.dtype === "float32") {
    const bits = bitcast(x, "int32");
    const magnitude = bitwiseXor(bits, 2 ** 31 - 1);
    return argsort(bitcast(where(less(bits, 0), bits, magnitude), "uint32"));
  }
  const bits = bitcast(x, "int64");
  const keys = where(less(bits, 0), bits, bitwiseXor(bits, tensor(2n ** 63n - 1n)));
  const first = argsort(astype(keys, "uint32"));
  const upper = alongLast(astype(shiftRight(keys, 32), "uint32"), first);
  return alongLast(first, argsort(upper));
}

function orderOf(words: Tensor): Tensor {
  const data = elements(words);
  const n = words.shape.at(-1)!;
  const order = Int32Array.from(data, (_, i) => i % n);
  for (let start = 0; start < data.length; start += n)
    order.subarray(start, start + n).sort((i, j) => data[start + i]! - data[start + j]! || i - j);
  return reshape(tensor(order), words.shape);
}

/** Radix sort of a vector, from the lowest binary digit up. */
function byDigits(words: Tensor): Tensor {
  const n = words.shape[0]!;
  const places: Tensor = arange(n, { dtype: "int32" });
  const digits: Tensor = arange(32, { dtype: "uint32" });
  const step = (order: Tensor, digit: Tensor) => {
    const ones = astype(bitwiseAnd(shiftRightLogical(take(words, order), digit), 1), "int32");
    const onesSoFar = cumsum(ones);
    const zerosBefore = sub(places, onesSoFar); // of a zero; a one comes behind all zeros and the ones before it
    const behind = add(sub(onesSoFar, 1), sub(n, n === 0 ? 0 : onesSoFar.at(n - 1)));
    const to = where(less(0, ones), behind, zerosBefore);
    const [moved] = apply("scatterAdd", [zeros(n, { dtype: "int32" }), to, order], { axis: 0 });
    return { carry: moved!, row: null };
  };
  return scan(step, places, digits).carry;
}

/** Elements along the last axis, by their places. */
export function alongLast(x: Tensor, order: Tensor): Tensor {
  if (x.shape.length === 1) return take(x, order);
  const n = x.shape.at(-1)!;
  const [rows, orders] = [reshape(x, [-1, n]), reshape(order, [-1, n])];
  return reshape(vmap((row: Tensor, by: Tensor) => take(row, by))(rows, orders), x.shape);
}
