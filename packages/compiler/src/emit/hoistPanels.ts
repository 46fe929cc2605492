import { dotAxes, type Equation, isEquation, type Program, sameList } from "@diffrax-ts/program";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { isNarrow } from "./FunctionEmitter.ts";
import type { Cut, HoistedPanels } from "./HoistedPanels.ts";
import { cutAt, cuts, packed } from "./panels.ts";
import { framePointer, type MemoryPlace, type Place } from "./Place.ts";

/** With fewer elements there is little to gain: all of the matrix stays in a cache near by. With more the copy would take memory that may be missing. */
const leastElements = 1 << 12;
const mostElements = 1 << 24;

/**
 * Large constants of a loop that vectors are multiplied by in it are copied into panels of as many rows as one pass takes, once,
 * before the loop begins. At every turn a copy is read from its first number to its last, as fast as memory allows, and
 * nothing is turned.
 *
 * @returns What gives the copies back, once the loop is written.
 */
export function hoistPanels(
  block: BlockEmitter,
  { params: { body, numConsts } }: Equation<"loop">,
  places: readonly Place[],
): () => void {
  const { hoisted } = block.module;
  const before = hoisted.length;
  for (const [i, matrix] of places.slice(0, numConsts).entries()) {
    if (matrix.at !== "memory" || matrix.base !== framePointer || matrix.shape.length !== 2)
      continue;
    const [m, n] = matrix.shape as [number, number];
    if (m * n < leastElements || m * n > mostElements || !matrix.dtype.startsWith("float"))
      continue;
    for (const row of rowsOf(body, i)) {
      const [cut] = cuts(matrix.shape[row]!, isNarrow(matrix.dtype) ? 32 : 16) as [Cut];
      if (cut.start > 0 || hoistedOf(block, matrix, row) !== undefined) continue;
      const panels = packed(block, cutAt(matrix, row, cut), [2, 1 - row, row]);
      hoisted.push({ matrix, row, cut, panels });
    }
  }
  return () => {
    for (const { panels } of hoisted.splice(before)) block.release(panels);
  };
}

/** The copy of a matrix in panels, if there is one at present. */
export function hoistedOf(
  { module }: BlockEmitter,
  { base, offset, shape, stride }: MemoryPlace,
  row: number | undefined,
): HoistedPanels | undefined {
  return module.hoisted.find(
    ({ matrix, row: cut }) =>
      cut === row &&
      base === framePointer &&
      offset === matrix.offset &&
      sameList(shape, matrix.shape) &&
      sameList(stride, matrix.stride),
  );
}

/** The axes of an input of a program, a matrix, that products with vectors leave. */
function rowsOf({ inputs, equations }: Program, input: number): readonly number[] {
  const matrix = inputs[input]!;
  return equations.flatMap((equation) => {
    const i = equation.inputs.indexOf(matrix);
    if (i < 0) return [];
    if (isEquation(equation, "dotGeneral")) {
      const { contract, batch } = equation.params;
      const free = dotAxes(2, contract[i]!, batch[i]!);
      const isVector = equation.inputs[1 - i]!.shape.length === contract[0].length;
      return isVector && batch[0].length === 0 && free.length === 1 ? free : [];
    }
    if (isEquation(equation, "loop"))
      return i < equation.params.numConsts ? rowsOf(equation.params.body, i) : [];
    return isEquation(equation, "cond") && i > 0
      ? equation.params.branches.flatMap((branch) => rowsOf(branch, i - 1))
      : [];
  });
}
