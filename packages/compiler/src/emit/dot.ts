import {
  add,
  bytesOf,
  dotAxes,
  type Equation,
  isFloat,
  mul,
  type Program,
} from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import { v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { emitCopy, inMemory, scalarProgram } from "./cluster.ts";
import { emitDotVector } from "./dotVector.ts";
import { fitsLanes, type Lanes, valueTypes } from "./FunctionEmitter.ts";
import { worksInLanes } from "./lanes.ts";
import { type Cursor, emitNest, emitPieces, endWalk, startWalk, type Walk } from "./nest.ts";
import { localAt, type MemoryPlace, viewAt } from "./Place.ts";

/** Rows and columns of results that one pass over the contracted axes computes. */
interface Tile {
  readonly rows: number;
  /** Columns, or vectors of as many columns as there are lanes. */
  readonly columns: number;
  readonly lanes: Lanes;
}

/** The axes of the walk that a tile extends along, and those that are contracted. */
interface TileAxes {
  readonly row: number | undefined;
  readonly column: number | undefined;
  readonly contracted: readonly number[];
}

/** From so many rows on it pays to bring the columns into order. */
const manyRows = 8;

/**
 * A contraction, in tiles of results that stay in locals. Every sum is taken from the first product to the last,
 * in every tile and lane, so that its bits depend on nothing but its numbers.
 */
export function emitDot(
  block: BlockEmitter,
  { inputs, params: { contract, batch }, outputs }: Equation<"dotGeneral">,
): MemoryPlace {
  const { f } = block;
  const [a, given] = inputs.map((atom) => inMemory(block, atom)) as [MemoryPlace, MemoryPlace];
  const to = block.scratch(outputs[0]!);
  const freeA = dotAxes(a.shape.length, contract[0], batch[0]);
  const freeB = dotAxes(given.shape.length, contract[1], batch[1]);
  const numRows = freeA.reduce((product, axis) => product * a.shape[axis]!, 1);
  const numColumns = freeB.reduce((product, axis) => product * given.shape[axis]!, 1);
  const lanes = mostLanes(to.dtype);
  if (numRows === 1 || numColumns === 1) {
    const common = { to, program: productProgram(to.dtype), lanes };
    const [rows, columns] = [
      { matrix: a, vector: given, free: freeA, batch, contract },
      { matrix: given, vector: a, free: freeB, batch: turn(batch), contract: turn(contract) },
    ];
    emitDotVector(block, { ...common, ...(numColumns === 1 ? rows : columns) });
    for (const place of new Set([a, given])) block.release(place);
    return to;
  }
  const b =
    lanes > 1 && numRows >= manyRows
      ? packed(block, given, [...batch[1], ...contract[1], ...freeB])
      : given;
  const axesTo = [...to.shape.keys()];
  const walk = startWalk(
    f,
    [a, b, to],
    [
      [...batch, axesTo.slice(0, batch[0].length)],
      [freeA, [], axesTo.slice(batch[0].length, axesTo.length - freeB.length)],
      [[], freeB, axesTo.slice(axesTo.length - freeB.length)],
      [...contract, []],
    ],
  );
  const [outer, rows, columns, contracted] = walk.groups;
  const [cursorA, cursorB, cursorTo] = walk.cursors;

  // The innermost axis of the rows and of the columns is cut into tiles; what is outside is looped over.
  const [row, column] = [rows!.at(-1), columns!.at(-1)];
  const axes = { row, column, contracted: contracted! };
  const isDense = [cursorB!, cursorTo!].every(
    (cursor) => stepAlong(cursor, column) === bytesOf(to.dtype),
  );
  const widths = isDense && lanes > 1 ? [2 * lanes, lanes, ...(lanes > 2 ? [2] : []), 1] : [1];
  // Rows of a tile are told apart by constants added to an address, which cannot be negative.
  const sizes = stepAlong(cursorA!, row) < 0 ? [1] : [4, 1];
  emitNest(f, walk, [...outer!, ...rows!.slice(0, -1), ...columns!.slice(0, -1)], () =>
    emitPieces(f, walk, row, sizes, (numRows) =>
      emitPieces(f, walk, column, widths, (width) => {
        const inEach = Math.min(width, lanes) as Lanes;
        emitTile(block, walk, axes, { rows: numRows, columns: width / inEach, lanes: inEach });
      }),
    ),
  );
  endWalk(f, walk);
  for (const place of new Set([a, given, b])) block.release(place);
  return to;
}

function turn<T>([first, second]: readonly [T, T]): readonly [T, T] {
  return [second, first];
}

/** How many sums of products of a dtype are taken at once. */
function mostLanes(dtype: DType): Lanes {
  const program = productProgram(dtype);
  return ([4, 2] as const).find((n) => fitsLanes(dtype, n) && worksInLanes(program, n)) ?? 1;
}

/** `sum + x y`. */
function productProgram(dtype: DType): Program {
  return scalarProgram([dtype, dtype, dtype], ([sum, x, y]) => [add(sum!, mul(x!, y!))]);
}

/** An array with its axes in this order in memory, copied if the last of them has gaps: several columns are loaded at once. */
function packed(block: BlockEmitter, from: MemoryPlace, order: readonly number[]): MemoryPlace {
  const last = order.at(-1)!;
  if (from.shape[last] === 1 || from.stride[last] === 1) return from;
  const place = block.scratch({ dtype: from.dtype, shape: order.map((axis) => from.shape[axis]!) });
  const stride = from.shape.map((_, axis) => place.stride[order.indexOf(axis)]!);
  const view = viewAt(place, from.shape, stride);
  emitCopy(block, from, view);
  return view;
}

/** In bytes. */
function stepAlong({ step }: Cursor, axis: number | undefined): number {
  return axis === undefined ? 0 : step[axis]!;
}

/** One tile: its sums in locals, one pass over the contracted axes, and the stores. */
function emitTile(
  block: BlockEmitter,
  walk: Walk,
  { row, column, contracted }: TileAxes,
  { rows, columns, lanes }: Tile,
): void {
  const { f } = block;
  const [a, b, to] = walk.cursors as [Cursor, Cursor, Cursor];
  const { dtype } = to;
  const type = lanes === 1 ? valueTypes[dtype] : v128;
  const at = (cursor: Cursor, i: number, j: number): Cursor => ({
    ...cursor,
    offset: cursor.offset + i * stepAlong(cursor, row) + j * lanes * stepAlong(cursor, column),
  });
  const isEmpty = contracted.some((axis) => walk.shape[axis] === 0);
  const sums = Array.from({ length: rows * columns }, () => {
    block.pushNumber(dtype, isFloat(dtype) && !isEmpty ? -0 : 0, lanes);
    return f.keep(type);
  });
  const program = productProgram(dtype);
  emitNest(f, walk, contracted, () => {
    const ys = Array.from({ length: columns }, (_, j) => {
      f.load(at(b, 0, j), lanes);
      return f.keep(type);
    });
    for (let i = 0; i < rows; i++) {
      f.load(at(a, i, 0), lanes, true);
      const x = f.keep(type);
      for (const [j, y] of ys.entries()) {
        const sum = sums[i * columns + j]!;
        const places = [sum, x, y].map((local) => localAt(local, dtype));
        const write = (inside: BlockEmitter): void => inside.push(program.outputs[0]!);
        block.inner(program, places, write, true, lanes);
        f.set(sum);
      }
      f.freeLocal(x);
    }
    for (const y of ys) f.freeLocal(y);
  });
  for (const [k, sum] of sums.entries()) {
    f.store(at(to, Math.floor(k / columns), k % columns), () => f.get(sum), lanes);
    f.freeLocal(sum);
  }
}
