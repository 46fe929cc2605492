import {
  apply,
  less,
  minimum,
  type Program,
  spliceProgram,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { typeOf } from "../zeros.ts";
import { withOutputs } from "./prune.ts";
import type { Residuals } from "./residuals.ts";
import { bufferType, newBuffer, rowAt, writeRow } from "./rows.ts";

/** How residuals are remembered on the way forward, and found again on the way back. */
export interface ResidualTape {
  /** Of what the loop forward carries for it. */
  readonly types: readonly Type[];
  start(): readonly Tensor[];
  /** @param made - The residuals of this turn. */
  store(turn: Tensor, made: readonly Tensor[], memory: readonly Tensor[]): readonly Tensor[];
  /**
   * @param inputs - Of the body in this turn: `undefined` are those that it does not read.
   * @param arrays - The memory after the last turn.
   */
  recall(
    turn: Tensor,
    inputs: readonly (Tensor | undefined)[],
    arrays: readonly Tensor[],
  ): readonly Tensor[];
}

/** There are no residuals. */
export function noResiduals(): ResidualTape {
  return { types: [], start: () => [], store: () => [], recall: () => [] };
}

/**
 * Remembers the residuals of the first turns; those of later ones are made again.
 *
 * @param rows - Of how many turns.
 * @param isAll - Whether there are no more turns than this.
 */
export function residualTape(residuals: Residuals, rows: number, isAll: boolean): ResidualTape {
  const types = residuals.made.map((type) => bufferType(type, rows));
  const again = remake(residuals);
  return {
    types,
    start: () => types.map(newBuffer),
    store: (turn, made, memory) =>
      made.map((row, i) => writeRow(memory[i]!, turn, row, ...(isAll ? [] : [less(turn, rows)]))),
    recall: (turn, inputs, arrays) => {
      const place = isAll ? turn : minimum(turn, rows - 1);
      const known = arrays.map((array) => rowAt(array, place));
      if (isAll) return known;
      const given = inputs.filter((x) => x !== undefined);
      const used = again.inputs.filter((_, i) => inputs[i] !== undefined);
      const operands = [...known, ...given];
      const side = (f: (all: readonly Tensor[]) => readonly Tensor[]): Program =>
        traceProgram(operands.map(typeOf), (...all) => f(all)).program;
      return apply("cond", [less(turn, rows), ...operands], {
        branches: [
          side((all) => spliceProgram({ ...again, inputs: used }, all.slice(known.length))),
          side((all) => all.slice(0, known.length)),
        ],
      });
    },
  };
}

/** `(...inputs of the body) => (...residuals)`. */
function remake({ forward, made }: Residuals): Program {
  return withOutputs(forward, forward.outputs.slice(forward.outputs.length - made.length));
}
