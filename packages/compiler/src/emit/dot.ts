import { add, constantOf, type Equation, isFloat, mul, sizeOf } from "@diffrax-ts/program";
import { op, v128 } from "../wasm/opcodes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { scalarProgram } from "./cluster.ts";
import { dense } from "./control.ts";
import { valueType } from "./FunctionEmitter.ts";
import { byteStride, collapse, type Cursor, cursorAt, emitNest } from "./nest.ts";
import type { MemoryPlace, Place, ScalarPlace } from "./Place.ts";

/** Rows and columns of results that one pass over the contracted axes computes. */
interface Tile {
  readonly rows: number;
  /** Columns, or pairs of columns where `pairs`. */
  readonly columns: number;
  readonly pairs: boolean;
}

/**
 * A contraction, in tiles of results that stay in locals. Every sum is taken from the first product to the last,
 * in every tile and lane, so that its bits depend on nothing but its numbers.
 */
export function emitDot(
  block: BlockEmitter,
  { inputs, params, outputs }: Equation<"dotGeneral">,
): void {
  const { f } = block;
  const output = outputs[0]!;
  const copies: MemoryPlace[] = [];
  const [a, b] = inputs.map((atom) => memoryOf(block, block.place(atom), copies));
  const to = output.shape.length === 0 ? block.scratch(output.dtype, []) : block.allocate(output);
  const { contract, batch } = params;
  const free = (place: MemoryPlace, side: 0 | 1): number[] =>
    [...place.shape.keys()].filter(
      (axis) => !contract[side].includes(axis) && !batch[side].includes(axis),
    );
  const pick = (list: readonly number[], which: readonly number[]): number[] =>
    which.map((axis) => list[axis]!);
  const [strideA, strideB, strideTo] = [byteStride(a!), byteStride(b!), byteStride(to)];
  const [freeA, freeB] = [free(a!, 0), free(b!, 1)];
  const numBatch = batch[0].length;
  const zeros = (n: number): number[] => Array.from({ length: n }, () => 0);

  const outer = collapse(pick(a!.shape, batch[0]), [
    pick(strideA, batch[0]),
    pick(strideB, batch[1]),
    strideTo.slice(0, numBatch),
  ]);
  const rows = collapse(pick(a!.shape, freeA), [
    pick(strideA, freeA),
    strideTo.slice(numBatch, numBatch + freeA.length),
  ]);
  const columns = collapse(pick(b!.shape, freeB), [
    pick(strideB, freeB),
    strideTo.slice(numBatch + freeA.length),
  ]);
  const inner = collapse(pick(a!.shape, contract[0]), [
    pick(strideA, contract[0]),
    pick(strideB, contract[1]),
  ]);

  // The innermost axis of the rows and of the columns is cut into tiles; what is outside is looped over.
  const m = rows.shape.pop() ?? 1;
  const [rowA, rowTo] = rows.strides.map((stride) => stride.pop() ?? 0);
  const n = columns.shape.pop() ?? 1;
  const [columnB, columnTo] = columns.strides.map((stride) => stride.pop() ?? 0);

  const shape = [...outer.shape, ...rows.shape, ...columns.shape];
  const [numRows, numColumns] = [rows.shape.length, columns.shape.length];
  const cursorA = cursorAt(f, a!, [
    ...outer.strides[0]!,
    ...rows.strides[0]!,
    ...zeros(numColumns),
    rowA!,
    0,
    ...inner.strides[0]!,
  ]);
  const cursorB = cursorAt(f, b!, [
    ...outer.strides[1]!,
    ...zeros(numRows),
    ...columns.strides[0]!,
    0,
    columnB!,
    ...inner.strides[1]!,
  ]);
  const cursorTo = cursorAt(f, to, [
    ...outer.strides[2]!,
    ...rows.strides[1]!,
    ...columns.strides[1]!,
    rowTo!,
    columnTo!,
  ]);
  const all = [cursorA, cursorB, cursorTo];
  const depth = shape.length;
  const inPairs = to.dtype === "float64" && columnB === 8 && columnTo === 8 && n >= 2;

  const tile = (size: Tile): void =>
    emitTile(block, size, {
      a: cursorA,
      b: cursorB,
      to: cursorTo,
      depth,
      shape: inner.shape,
      dtype: to.dtype,
    });
  /** Cuts an axis into pieces of these sizes, the largest first. */
  const cut = (
    axis: number,
    length: number,
    sizes: readonly number[],
    body: (size: number) => void,
  ): void => {
    let left = length;
    let gone = 0;
    for (const size of sizes) {
      const count = Math.floor(left / size);
      if (count === 0) continue;
      const advance = (amount: number): void => {
        for (const { local, step } of all) f.advance(local, amount * (step[axis] ?? 0));
      };
      f.i32(count);
      f.repeat(() => {
        body(size);
        advance(size);
      });
      left -= count * size;
      gone += count * size;
      if (left === 0) {
        advance(-gone);
        return;
      }
    }
  };
  emitNest(f, shape, all, 0, () => {
    // Rows of a tile are told apart by constants added to an address, which cannot be negative.
    cut(depth, m, rowA! < 0 ? [1] : [4, 1], (numTileRows) => {
      if (inPairs) {
        cut(depth + 1, n, [4, 2, 1], (size) =>
          tile({ rows: numTileRows, columns: size === 1 ? 1 : size / 2, pairs: size > 1 }),
        );
      } else cut(depth + 1, n, [1], () => tile({ rows: numTileRows, columns: 1, pairs: false }));
    });
  });

  for (const { local } of all) f.freeLocal(local);
  for (const copy of copies) block.release(copy);
  if (output.shape.length > 0) return;
  f.get(to.base);
  f.load(to.dtype, to.offset);
  block.setLocal(output);
  block.release(to);
}

function memoryOf(block: BlockEmitter, place: Place, copies: MemoryPlace[]): MemoryPlace {
  return place.at === "memory" ? place : dense(block, place, copies);
}

interface TileWalk {
  readonly a: Cursor;
  readonly b: Cursor;
  readonly to: Cursor;
  /** The axis of the rows in the steps; that of the columns is the next, and then come the contracted ones. */
  readonly depth: number;
  /** Of the contracted axes. */
  readonly shape: readonly number[];
  readonly dtype: MemoryPlace["dtype"];
}

/** One tile: its sums in locals, one pass over the contracted axes, and the stores. */
function emitTile(
  block: BlockEmitter,
  { rows, columns, pairs }: Tile,
  { a, b, to, depth, shape, dtype }: TileWalk,
): void {
  const { f, module } = block;
  const type = pairs ? v128 : valueType(dtype);
  const zero = isFloat(dtype) && sizeOf(shape) > 0 ? -0 : 0;
  const sums = Array.from({ length: rows * columns }, () => {
    const local = f.newLocal(type);
    if (pairs) {
      f.get(0);
      f.memory(op.v128_load64_splat, module.frame.float(zero));
    } else block.pushPlace({ at: "constant", constant: constantOf(dtype, zero), dtype });
    f.set(local);
    return local;
  });
  const width = pairs ? 2 : 1;
  const product =
    pairs || dtype === "float64"
      ? null
      : scalarProgram([dtype, dtype, dtype], ([sum, x, y]) => [add(sum!, mul(x!, y!))]);
  emitNest(f, shape, [a, b], depth + 2, () => {
    const ys = Array.from({ length: columns }, (_, j) => {
      const local = f.newLocal(type);
      f.get(b.local);
      const offset = b.offset + j * width * b.step[depth + 1]!;
      if (pairs) f.memory(op.v128_load, offset);
      else f.load(dtype, offset);
      f.set(local);
      return local;
    });
    const x = f.newLocal(type);
    for (let i = 0; i < rows; i++) {
      f.get(a.local);
      const offset = a.offset + i * a.step[depth]!;
      if (pairs) f.memory(op.v128_load64_splat, offset);
      else f.load(dtype, offset);
      f.set(x);
      for (const [j, y] of ys.entries()) {
        const sum = sums[i * columns + j]!;
        if (product === null) {
          f.get(sum);
          f.get(x);
          f.get(y);
          f.op(pairs ? op.f64x2_mul : op.f64_mul);
          f.op(pairs ? op.f64x2_add : op.f64_add);
        } else {
          const places = [sum, x, y].map((local): ScalarPlace => ({ at: "local", local, dtype }));
          block.inner(product, places, (inside) => inside.push(product.outputs[0]!));
        }
        f.set(sum);
      }
    }
    for (const local of [x, ...ys]) f.freeLocal(local);
  });
  for (const [k, sum] of sums.entries()) {
    const [i, j] = [Math.floor(k / columns), k % columns];
    f.get(to.local);
    f.get(sum);
    const offset = to.offset + i * to.step[depth]! + j * width * to.step[depth + 1]!;
    if (pairs) f.memory(op.v128_store, offset);
    else f.store(dtype, offset);
    f.freeLocal(sum);
  }
}
