import { bytesOf } from "@diffrax-ts/program";
import type { BlockEmitter } from "./BlockEmitter.ts";
import type { Cut } from "./HoistedPanels.ts";
import { emitCopy } from "./cluster.ts";
import { type MemoryPlace, viewAt } from "./Place.ts";

/** So many bytes of each operand are in use at once, half of a first cache of 32 kB. */
const blockBytes = 16384;
/** From so many rows, columns or places along the contracted axes on it pays to bring numbers into order. */
const many = 8;
/** Rows of results that one pass computes. */
const tileRows = 4;

/** The operands of a product of matrices, and how much of them one pass takes. */
interface Matrices {
  readonly a: MemoryPlace;
  readonly b: MemoryPlace;
  readonly row: number;
  readonly column: number;
  readonly numRows: number;
  readonly numColumns: number;
  readonly numContracted: number;
  /** Columns that one pass takes, in vectors; 1 if there are no vectors. */
  readonly width: number;
}

/**
 * In what pieces the rows and the columns of a product are gone through. A piece of columns, a panel, is read once for each
 * tile of rows, so it lies in one piece of memory, where the columns are not in order or the whole is more than a first cache
 * holds. Some rows stay in the cache while all panels pass by.
 */
export function piecesOfMatrices({
  a,
  b,
  row,
  column,
  numRows,
  numColumns,
  numContracted,
  width,
}: Matrices): { readonly rows: readonly Cut[]; readonly columns: readonly Cut[] } {
  const [lengthOfRow, lengthOfColumn] = [a.shape[row]!, b.shape[column]!];
  if (width === 1 || numRows < many)
    return { rows: cuts(lengthOfRow, lengthOfRow), columns: cuts(lengthOfColumn, lengthOfColumn) };
  const bytes = bytesOf(a.dtype);
  const isLarge = numContracted >= many && numContracted * numColumns * bytes > blockBytes;
  const columns = cuts(lengthOfColumn, width, isLarge || b.stride[column] !== 1);
  // A pass over rows that lie side by side would read a line of the cache for each place.
  const isAcross = a.stride[row] === 1 && numContracted >= many && numColumns >= many;
  if (isAcross) return { rows: cuts(lengthOfRow, tileRows, true), columns };
  const tiles = Math.floor(blockBytes / bytes / (numContracted + numColumns) / tileRows);
  return { rows: cuts(lengthOfRow, tileRows * Math.max(tiles, 1)), columns };
}

/** Pieces of one length, and what is left over. */
export function cuts(length: number, size: number, isPacked = false): readonly Cut[] {
  const count = Math.floor(length / size);
  const start = count * size;
  const all = [
    { start: 0, size, count, isPacked },
    { start, size: length - start, count: 1, isPacked },
  ];
  return all.filter((cut) => cut.size * cut.count > 0);
}

/** An array with an axis as long as a piece; the pieces are the last axis, a new one. */
export function cutAt(place: MemoryPlace, axis: number, { start, size, count }: Cut): MemoryPlace {
  const { shape, stride } = place;
  const one = viewAt(
    place,
    shape.map((n, i) => (i === axis ? size : n)),
    stride,
    shape.map((_, i) => (i === axis ? start : 0)),
  );
  return { ...one, shape: [...one.shape, count], stride: [...stride, stride[axis]! * size] };
}

/** A copy of an array with its axes in this order in memory. */
export function packed(
  block: BlockEmitter,
  from: MemoryPlace,
  order: readonly number[],
): MemoryPlace {
  const pick = (list: readonly number[]): number[] => order.map((axis) => list[axis]!);
  const place = block.scratch({ dtype: from.dtype, shape: pick(from.shape) });
  emitCopy(block, viewAt(from, place.shape, pick(from.stride)), place);
  const stride = from.shape.map((_, axis) => place.stride[order.indexOf(axis)]!);
  return viewAt(place, from.shape, stride);
}
