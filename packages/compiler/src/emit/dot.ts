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
import { i32, v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { inMemory, scalarProgram } from "./cluster.ts";
import { emitDotVector } from "./dotVector.ts";
import { fitsLanes, type Lanes, valueTypes } from "./FunctionEmitter.ts";
import { worksInLanes } from "./lanes.ts";
import { type Cursor, emitNest, emitPieces, endWalk, startWalk, type Walk } from "./nest.ts";
import type { Cut } from "./HoistedPanels.ts";
import { cutAt, packed, piecesOfMatrices } from "./panels.ts";
import { localAt, type MemoryPlace } from "./Place.ts";

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

/** So many places along the contracted axes are written out for each turn of the loop over them, in tiles of so many sums or more. */
const unrolled = 4;
const manySums = 8;

/**
 * A contraction, in tiles of results that stay in locals. Every sum is taken from the first product to the last,
 * in every tile and lane, so that its bits depend on nothing but its numbers.
 */
export function emitDot(
  block: BlockEmitter,
  { inputs, params: { contract, batch }, outputs }: Equation<"dotGeneral">,
): MemoryPlace {
  const { f } = block;
  const [a, b] = inputs.map((atom) => inMemory(block, atom)) as [MemoryPlace, MemoryPlace];
  const to = block.scratch(outputs[0]!);
  const freeA = dotAxes(a.shape.length, contract[0], batch[0]);
  const freeB = dotAxes(b.shape.length, contract[1], batch[1]);
  const numRows = freeA.reduce((product, axis) => product * a.shape[axis]!, 1);
  const numColumns = freeB.reduce((product, axis) => product * b.shape[axis]!, 1);
  const lanes = mostLanes(to.dtype);
  if (numRows === 1 || numColumns === 1) {
    const common = { to, program: productProgram(to.dtype), lanes };
    const [rows, columns] = [
      { matrix: a, vector: b, free: freeA, batch, contract },
      { matrix: b, vector: a, free: freeB, batch: turn(batch), contract: turn(contract) },
    ];
    emitDotVector(block, { ...common, ...(numColumns === 1 ? rows : columns) });
    for (const place of new Set([a, b])) block.release(place);
    return to;
  }
  const axesTo = [...to.shape.keys()];
  const ofBatch = [...batch, axesTo.slice(0, batch[0].length)];
  // The last long axis of the rows and that of the columns are cut into pieces; what is outside is looped over.
  const isLong = (place: MemoryPlace) => (axis: number) => place.shape[axis] !== 1;
  const rows = freeA.filter(isLong(a));
  const columns = freeB.filter(isLong(b));
  const kept = axesTo.slice(batch[0].length).filter(isLong(to));
  const [row, column] = [rows.pop()!, columns.pop()!];
  const [rowTo, columnTo] = [kept.splice(rows.length, 1)[0]!, kept.pop()!];
  const pieces = piecesOfMatrices({
    a,
    b,
    row,
    column,
    numRows,
    numColumns,
    numContracted: contract[0].reduce((product, axis) => product * a.shape[axis]!, 1),
    width: lanes === 1 ? 1 : 2 * lanes,
  });
  const copies: MemoryPlace[] = [];
  const partsOf = (place: MemoryPlace, axis: number, cuts: readonly Cut[], order: Order) =>
    cuts.map((cut) => {
      const part = cutAt(place, axis, cut);
      if (!cut.isPacked) return part;
      const copy = packed(block, part, [...order.outer, place.shape.length, ...order.inner, axis]);
      copies.push(copy);
      return copy;
    });
  const partsA = partsOf(a, row, pieces.rows, {
    outer: [...batch[0], ...rows],
    inner: contract[0],
  });
  const partsB = partsOf(b, column, pieces.columns, {
    outer: [...batch[1], ...columns],
    inner: contract[1],
  });
  for (const [i, partA] of partsA.entries())
    for (const [j, partB] of partsB.entries()) {
      const partTo = cutAt(cutAt(to, rowTo, pieces.rows[i]!), columnTo, pieces.columns[j]!);
      const walk = startWalk(
        f,
        [partA, partB, partTo],
        [
          ofBatch,
          [rows, [], kept.slice(0, rows.length)],
          [[a.shape.length], [], [axesTo.length]],
          [[], columns, kept.slice(rows.length)],
          [[], [b.shape.length], [axesTo.length + 1]],
          [[row], [], [rowTo]],
          [[], [column], [columnTo]],
          [...contract, []],
        ],
      );
      emitTiles(block, walk, lanes);
      endWalk(f, walk);
    }
  for (const place of new Set([a, b, ...copies])) block.release(place);
  return to;
}

/** The axes of an operand outside of its pieces, and those inside. */
interface Order {
  readonly outer: readonly number[];
  readonly inner: readonly number[];
}

/** All tiles of a walk whose last three groups are a row, a column, and the contracted axes. */
function emitTiles(block: BlockEmitter, walk: Walk, most: Lanes): void {
  const { f } = block;
  const outer = walk.groups.slice(0, -3).flat();
  const [[row], [column], contracted] = walk.groups.slice(-3) as [number[], number[], number[]];
  const [cursorA, cursorB, cursorTo] = walk.cursors;
  const axes = { row, column, contracted };
  const isDense = [cursorB!, cursorTo!].every(
    (cursor) => stepAlong(cursor, column) === bytesOf(cursor.dtype),
  );
  const lanes = isDense ? most : 1;
  // Rows of a tile are told apart by constants added to an address, which cannot be negative.
  const isForward = stepAlong(cursorA!, row) >= 0;
  const sizes = isForward ? [4, 2, 1] : [1];
  emitNest(f, walk, outer, () =>
    emitPieces(f, walk, row, sizes, (rows) => {
      // The sums of a tile are about eight: as many additions are on their way at once.
      const widest = rows < 4 ? 4 : 2;
      const widths =
        lanes === 1
          ? [1]
          : [
              widest * lanes,
              ...(widest > 2 ? [2 * lanes] : []),
              lanes,
              ...(lanes > 2 ? [2] : []),
              1,
            ];
      emitPieces(f, walk, column, widths, (width) => {
        const inEach = Math.min(width, lanes) as Lanes;
        emitTile(block, walk, axes, { rows, columns: width / inEach, lanes: inEach });
      });
    }),
  );
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
  const last = contracted.at(-1);
  const at = (cursor: Cursor, i: number, j: number, place = 0): Cursor => ({
    ...cursor,
    offset:
      cursor.offset +
      i * stepAlong(cursor, row) +
      j * lanes * stepAlong(cursor, column) +
      place * stepAlong(cursor, last),
  });
  const isEmpty = contracted.some((axis) => walk.shape[axis] === 0);
  const sums = Array.from({ length: rows * columns }, () => {
    block.pushNumber(dtype, isFloat(dtype) && !isEmpty ? -0 : 0, lanes);
    return f.keep(type);
  });
  const program = productProgram(dtype);
  const turn = (place: number): void => {
    const ys = Array.from({ length: columns }, (_, j) => {
      f.load(at(b, 0, j, place), lanes);
      return f.keep(type);
    });
    // V8 adds what is added to the address of a number for all lanes by an instruction: one for each row, if it is the same at all places.
    f.get(a.base);
    f.addBytes(place * stepAlong(a, last));
    const here = { ...a, base: f.keep(i32) };
    for (let i = 0; i < rows; i++) {
      f.load(at(here, i, 0), lanes, true);
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
    for (const local of [here.base, ...ys]) f.freeLocal(local);
  };
  const isForward = [a, b].every((cursor) => stepAlong(cursor, last) >= 0);
  const depths = isForward && sums.length >= manySums ? [unrolled, 1] : [1];
  emitNest(f, walk, contracted.slice(0, -1), () =>
    emitPieces(f, walk, last, depths, (depth) => {
      for (let place = 0; place < depth; place++) turn(place);
    }),
  );
  for (const [k, sum] of sums.entries()) {
    f.store(at(to, Math.floor(k / columns), k % columns), () => f.get(sum), lanes);
    f.freeLocal(sum);
  }
}
