import { apply, isFloat, numberAs, reshape } from "@diffrax-ts/program";
import { type DType, isTensor, type Tensor } from "@diffrax-ts/pytree";
import { Element } from "./Element.ts";
import { repeated } from "./overTurns.ts";

/** A part of a list: elements of a vector that follow one another, or scalars. */
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
  const vectors: Tensor[] = [];
  for (let i = 0; i < parts.length;) {
    const { width, rows } = rowsFrom(parts, i);
    const columns = parts.slice(i, i + width).map((part) => columnOf(part, rows, dtype));
    const all = joined(columns, 1);
    vectors.push(reshape(all, [all.size]));
    i += width * rows;
  }
  return joined(vectors, 0);
}

/** In so many columns at most rows are looked for, of so many rows at least. */
const mostColumns = 8;
const fewestRows = 4;

/**
 * How many parts from one on are a row, and how many rows follow in which each part goes on where that of the row before ends: a loop that
 * writes to `d[2 * i]` and `d[2 * i + 1]`, and one over a grid whose ends differ, would else be one part for each turn.
 */
function rowsFrom(parts: readonly Part[], first: number): { width: number; rows: number } {
  for (let width = 2; width <= mostColumns; width++) {
    let i = first;
    while (i + width < parts.length && goesOn(parts[i]!, parts[i + width]!)) i++;
    const rows = 1 + Math.floor((i - first) / width);
    if (rows >= fewestRows) return { width, rows };
  }
  return { width: 1, rows: 1 };
}

function goesOn(part: Part, next: Part): boolean {
  if ("scalars" in part)
    return (
      "scalars" in next &&
      next.scalars.length === part.scalars.length &&
      next.scalars.every((x, i) => Object.is(x, part.scalars[i]))
    );
  return (
    "vector" in next &&
    next.vector === part.vector &&
    next.from === part.to &&
    next.to - next.from === part.to - part.from
  );
}

/** A part, and those that go on from it in the rows below: a matrix if there are any. */
function columnOf(part: Part, rows: number, dtype: DType): Tensor {
  if ("scalars" in part) {
    const { scalars } = part;
    const operands = scalars.map((x) =>
      typeof x === "number" ? numberAs("element", x, dtype) : x,
    );
    const row = apply("pack", operands, { shape: [scalars.length] })[0]!;
    return rows === 1 ? row : repeated(row, rows);
  }
  const { vector, from, to } = part;
  const n = to - from;
  const column = apply("slice", [vector], {
    start: [from],
    limit: [from + rows * n],
    step: [1],
  })[0]!;
  return rows === 1 ? column : reshape(column, [rows, n]);
}

function joined(arrays: readonly Tensor[], axis: number): Tensor {
  return arrays.length === 1 ? arrays[0]! : apply("concatenate", arrays, { axis })[0]!;
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
