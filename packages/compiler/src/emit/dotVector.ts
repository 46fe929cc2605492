import { bytesOf, isFloat, type Program } from "@diffrax-ts/program";
import * as op from "../wasm/opcodes.ts";
import { v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { isNarrow, type Lanes, valueTypes } from "./FunctionEmitter.ts";
import { hoistedOf } from "./hoistPanels.ts";
import { type Cursor, emitNest, emitPieces, endWalk, startWalk, type Walk } from "./nest.ts";
import { cutAt } from "./panels.ts";
import { localAt, type MemoryPlace } from "./Place.ts";
import { turned } from "./turned.ts";

/** A matrix by a vector. */
export interface MatrixVector {
  readonly matrix: MemoryPlace;
  readonly vector: MemoryPlace;
  readonly to: MemoryPlace;
  /** The axes of the matrix that the result has. */
  readonly free: readonly number[];
  /** The axes of both that are gone through together: those of a batch, and those contracted. */
  readonly batch: readonly [matrix: readonly number[], vector: readonly number[]];
  readonly contract: readonly [matrix: readonly number[], vector: readonly number[]];
  /** `sum + x y`, and in how many lanes it can be done. */
  readonly program: Program;
  readonly lanes: Lanes;
}

/** How rows of a matrix get into lanes: they lie side by side, or in squares that are turned, or not at all. */
type Mode = "beside" | "squares" | "scalars";

/** So many sums are taken at once, or vectors of sums: they and what they are made of fit into the registers. */
const mostSums: Readonly<Record<Mode, number>> = { beside: 8, squares: 4, scalars: 4 };

/** A matrix by a vector, from a copy of the matrix in panels if a loop has made one. */
export function emitDotVector(block: BlockEmitter, product: MatrixVector): void {
  const { matrix, to, batch, free } = product;
  const row = free[0]!;
  const found = batch[0].length > 0 ? undefined : hoistedOf(block, matrix, row);
  if (found === undefined) return emitRows(block, product);
  const { cut, panels } = found;
  const rowTo = to.shape.indexOf(matrix.shape[row]!);
  const { shape, stride, ...pieces } = cutAt(to, rowTo, cut);
  emitRows(block, {
    ...product,
    matrix: panels,
    to: {
      ...pieces,
      shape: [cut.count, ...shape.slice(0, -1)],
      stride: [stride.at(-1)!, ...stride.slice(0, -1)],
    },
    batch: [[matrix.shape.length], []],
  });
  const start = cut.size * cut.count;
  const size = matrix.shape[row]! - start;
  if (size === 0) return;
  const rest = { ...cut, start, size, count: 1 };
  emitRows(block, { ...product, matrix: cutAt(matrix, row, rest), to: cutAt(to, rowTo, rest) });
}

/** Every sum is taken from the first product to the last; vectors hold the sums of several rows. */
function emitRows(block: BlockEmitter, product: MatrixVector): void {
  const { f } = block;
  const { matrix, vector, to, free, batch, contract } = product;
  const axesTo = [...to.shape.keys()];
  const numBatch = batch[0].length;
  const kept = axesTo.slice(numBatch).filter((axis) => to.shape[axis]! > 1);
  const long = free.filter((axis) => matrix.shape[axis]! > 1);
  const walk = startWalk(
    f,
    [matrix, vector, to],
    [
      [...batch, axesTo.slice(0, numBatch)],
      [long, [], kept],
      [...contract, []],
    ],
  );
  const [outer, rows] = walk.groups;
  const row = rows!.at(-1);
  const mode = modeOf(product, walk, row);
  const lanes = mode === "scalars" ? 1 : product.lanes;
  const most = mostSums[mode];
  const isForward = row === undefined || walk.cursors[0]!.step[row]! >= 0;
  const sizes = [most, most / 2, 2, 1].map((count) => count * lanes);
  const rest = lanes > 2 ? [3, 2, 1] : [1];
  emitNest(f, walk, [...outer!, ...rows!.slice(0, -1)], () =>
    emitPieces(f, walk, row, isForward ? [...sizes, ...rest] : [1], (size) =>
      size >= lanes
        ? emitSums(block, walk, product, { mode, lanes, count: size / lanes })
        : emitSums(block, walk, product, { mode: "scalars", lanes: 1, count: size }),
    ),
  );
  endWalk(f, walk);
}

function modeOf({ lanes, to }: MatrixVector, { cursors, groups, shape }: Walk, row?: number): Mode {
  const width = bytesOf(to.dtype);
  if (lanes === 1 || row === undefined || cursors[2]!.step[row] !== width) return "scalars";
  const [{ step }, { step: stepOfVector }] = cursors as readonly [Cursor, Cursor, ...Cursor[]];
  if (step[row] === width) return "beside";
  const last = groups[2]!.at(-1);
  if (last === undefined || shape[last]! < lanes || step[last] !== width) return "scalars";
  // Places are told apart by constants added to an address, which cannot be negative.
  return step[row]! >= 0 && stepOfVector[last]! >= 0 ? "squares" : "scalars";
}

/** Sums that one pass over the contracted axes computes. */
interface Sums {
  readonly mode: Mode;
  readonly lanes: Lanes;
  /** How many sums, or vectors of sums. */
  readonly count: number;
}

function emitSums(
  block: BlockEmitter,
  walk: Walk,
  { program }: MatrixVector,
  { mode, lanes, count }: Sums,
): void {
  const { f } = block;
  const [matrix, vector, to] = walk.cursors as [Cursor, Cursor, Cursor];
  const { dtype } = to;
  const type = lanes === 1 ? valueTypes[dtype] : v128;
  const row = walk.groups[1]!.at(-1);
  const contracted = walk.groups[2]!;
  const last = contracted.at(-1);
  const at = (cursor: Cursor, i: number, k: number): Cursor => ({
    ...cursor,
    offset:
      cursor.offset +
      (row === undefined ? 0 : i * cursor.step[row]!) +
      (last === undefined ? 0 : k * cursor.step[last]!),
  });
  const isEmpty = contracted.some((axis) => walk.shape[axis] === 0);
  const sums = Array.from({ length: count }, () => {
    block.pushNumber(dtype, isFloat(dtype) && !isEmpty ? -0 : 0, lanes);
    return f.keep(type);
  });
  /** The numbers of some rows from row `i` on: one for each of some places along the last contracted axis. */
  const columnsOf = (i: number, depth: number): readonly number[] => {
    if (mode !== "squares") {
      f.load(at(matrix, i, 0), lanes);
      return [f.keep(type)];
    }
    const places = Array.from({ length: lanes }, (_, j) => at(matrix, i + j, 0));
    if (depth === 1) return [loadLanes(block, places)];
    const vectors = places.map((place) => {
      f.load(place, lanes);
      return f.keep(v128);
    });
    return turned(f, vectors);
  };
  emitNest(f, walk, contracted.slice(0, -1), () =>
    emitPieces(f, walk, last, mode === "squares" ? [lanes, 1] : [1], (depth) => {
      const xs = Array.from({ length: depth }, (_, k) => {
        f.load(at(vector, 0, k), lanes, true);
        return f.keep(type);
      });
      for (const [i, sum] of sums.entries()) {
        for (const [k, y] of columnsOf(i * lanes, depth).entries()) {
          const places = [sum, y, xs[k]!].map((local) => localAt(local, dtype));
          block.inner(program, places, (inside) => inside.push(program.outputs[0]!), true, lanes);
          f.set(sum);
          f.freeLocal(y);
        }
      }
      for (const x of xs) f.freeLocal(x);
    }),
  );
  for (const [i, sum] of sums.entries()) {
    f.store(at(to, i * lanes, 0), () => f.get(sum), lanes);
    f.freeLocal(sum);
  }
}

/** A vector of numbers that do not lie side by side. */
function loadLanes({ f }: BlockEmitter, places: readonly Cursor[]): number {
  const [first, ...others] = places as [Cursor, ...Cursor[]];
  const isOfWords = isNarrow(first.dtype);
  for (const { base } of others.toReversed()) f.get(base); // below the vector, that of the next on top
  f.get(first.base);
  f.memory(isOfWords ? op.v128_load32_zero : op.v128_load64_zero, first.offset);
  for (const [i, { offset }] of others.entries()) {
    f.memory(isOfWords ? op.v128_load32_lane : op.v128_load64_lane, offset);
    f.code.push(i + 1);
  }
  return f.keep(v128);
}
