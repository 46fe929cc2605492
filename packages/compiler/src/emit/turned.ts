import { hasSimd } from "../wasm/features.ts";
import { v128 } from "../wasm/valueTypes.ts";
import { type FunctionEmitter, isNarrow } from "./FunctionEmitter.ts";
import { type Cursor, emitNest, emitPieces, endWalk, startWalk } from "./nest.ts";
import type { MemoryPlace } from "./Place.ts";

/**
 * Copies an array to memory in which another axis has no gaps, as a transposed one is brought into order: in squares of
 * vectors, which are loaded along the one axis and stored along the other.
 *
 * @returns Whether that could be done. The dtypes must be the same.
 */
export function emitTurned(f: FunctionEmitter, from: MemoryPlace, to: MemoryPlace): boolean {
  if (!hasSimd() || to.dtype === "bool") return false;
  const lanes = isNarrow(to.dtype) ? 4 : 2;
  const axes = [...to.shape.keys()];
  const isLong = (axis: number): boolean => to.shape[axis]! >= lanes;
  const along = axes.find((axis) => isLong(axis) && from.stride[axis] === 1);
  const across = axes.find((axis) => isLong(axis) && to.stride[axis] === 1);
  if (along === undefined || across === undefined || along === across) return false;
  // Vectors of a square are told apart by constants added to an address, which cannot be negative.
  if (from.stride[across]! < 0 || to.stride[along]! < 0) return false;

  const others = axes.filter((axis) => axis !== along && axis !== across);
  const walk = startWalk(
    f,
    [from, to],
    [
      [others, others],
      [[along], [along]],
      [[across], [across]],
    ],
  );
  const [outer, rows, columns] = walk.groups;
  const [row, column] = [rows![0]!, columns![0]!];
  emitNest(f, walk, outer!, () =>
    emitPieces(f, walk, row, [lanes, 1], (height) =>
      emitPieces(f, walk, column, [lanes, 1], (length) => {
        const at = (cursor: Cursor, i: number, j: number): Cursor => ({
          ...cursor,
          offset: cursor.offset + i * cursor.step[row]! + j * cursor.step[column]!,
        });
        const [read, written] = walk.cursors as [Cursor, Cursor];
        if (height * length === lanes * lanes) {
          const vectors = Array.from({ length: lanes }, (_, j) => {
            f.load(at(read, 0, j), lanes);
            return f.keep(v128);
          });
          for (const [i, local] of turned(f, vectors).entries()) {
            f.store(at(written, i, 0), () => f.get(local), lanes);
            f.freeLocal(local);
          }
        } else {
          for (let i = 0; i < height; i++)
            for (let j = 0; j < length; j++)
              f.store(at(written, i, j), () => f.load(at(read, i, j)));
        }
      }),
    ),
  );
  endWalk(f, walk);
  return true;
}

/** Words of two vectors, those of the second from 4 on: the lower and the upper halves of both, and words of both in turn. */
const lower = [0, 1, 4, 5];
const upper = [2, 3, 6, 7];
const lowerInTurn = [0, 4, 1, 5];
const upperInTurn = [2, 6, 3, 7];

/** Two vectors of two, or four of four: what was in one lane of all is one vector. The locals are given back. */
export function turned(f: FunctionEmitter, vectors: readonly number[]): readonly number[] {
  const pairs = (
    list: readonly (readonly [a: number, b: number, words: readonly number[]])[],
  ): number[] => {
    const made = list.map(([a, b, words]) => {
      f.get(a);
      f.get(b);
      f.shuffle(words);
      return f.keep(v128);
    });
    for (const local of new Set(list.flatMap(([a, b]) => [a, b]))) f.freeLocal(local);
    return made;
  };
  const [a, b, c, d] = vectors as [number, number, number, number];
  if (vectors.length === 2)
    return pairs([
      [a, b, lower],
      [a, b, upper],
    ]);
  const [p, q, r, s] = pairs([
    [a, b, lowerInTurn],
    [c, d, lowerInTurn],
    [a, b, upperInTurn],
    [c, d, upperInTurn],
  ]) as [number, number, number, number];
  return pairs([
    [p, q, lower],
    [p, q, upper],
    [r, s, lower],
    [r, s, upper],
  ]);
}
