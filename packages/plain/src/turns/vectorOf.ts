import { apply, isFloat, numberAs, reshape } from "@diffrax-ts/program";
import { type DType, isTensor, type Tensor } from "@diffrax-ts/pytree";
import { Element } from "./Element.ts";

/** A part of a list: elements of a vector that follow one another, or a scalar. */
type Part =
  | { readonly vector: Tensor; readonly from: number; to: number }
  | { readonly scalars: (Tensor | number)[] };

/** Scalars as one vector, in which those that follow one another in a vector are taken together; `undefined` if there is none of them. */
export function vectorOf(items: readonly unknown[]): Tensor | undefined {
  const parts: Part[] = [];
  const dtype = dtypeOf(items);
  if (dtype === undefined) return undefined;
  for (const x of items) {
    const last = parts.at(-1);
    if (x instanceof Element) {
      const { vector, place } = x;
      if (vector.dtype !== dtype) return undefined;
      if (last !== undefined && "vector" in last && last.vector === vector && last.to === place)
        last.to++;
      else parts.push({ vector, from: place, to: place + 1 });
    } else if (typeof x === "number" || (isTensor(x) && x.shape.length === 0)) {
      if (isTensor(x) && x.dtype !== dtype) return undefined;
      if (last !== undefined && "scalars" in last) last.scalars.push(x);
      else parts.push({ scalars: [x] });
    } else return undefined;
  }
  const vectors = parts.map((part) => {
    if ("scalars" in part) {
      const { scalars } = part;
      const operands = scalars.map((x) =>
        typeof x === "number" ? numberAs("element", x, dtype) : x,
      );
      return apply("pack", operands, { shape: [scalars.length] })[0]!;
    }
    const { vector, from, to } = part;
    return apply("slice", [vector], { start: [from], limit: [to], step: [1] })[0]!;
  });
  return vectors.length === 1 ? vectors[0]! : apply("concatenate", vectors, { axis: 0 })[0]!;
}

/** What the numbers of a list are, if it has traced ones; known ones take the dtype of these. */
function dtypeOf(items: readonly unknown[]): DType | undefined {
  for (const x of items) {
    const dtype = x instanceof Element ? x.vector.dtype : isTensor(x) ? x.dtype : undefined;
    if (dtype !== undefined) return isFloat(dtype) ? dtype : undefined;
  }
  return undefined;
}

/** A nested list as an array, if its rows have the same lengths all through. */
export function arrayOfRows(items: readonly unknown[]): Tensor | undefined {
  const shape: number[] = [];
  let level = items;
  for (;;) {
    shape.push(level.length / shape.reduce((a, b) => a * b, 1));
    const [first] = level;
    if (!Array.isArray(first)) break;
    const { length } = first as readonly unknown[];
    if (!level.every((row) => Array.isArray(row) && row.length === length)) return undefined;
    level = level.flat(1);
  }
  const vector = vectorOf(level);

  return vector === undefined ? undefined : reshape(vector, shape);
}
