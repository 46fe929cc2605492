import type { Type } from "@diffrax-ts/program";
import { pick, spread } from "../zeros.ts";
import type { LoopMemory } from "./LoopMemory.ts";
import { bufferType, frozen, newBuffer, rowAt, writeRow } from "./rows.ts";

/**
 * Remembers every turn.
 *
 * @param types - Of what the loop carries.
 * @param read - Which of it the derivative reads.
 * @param most - There are no more turns than this.
 */
export function tape(types: readonly Type[], read: readonly boolean[], most: number): LoopMemory {
  const tapes = pick(types, read).map((type) => bufferType(type, most));
  return {
    types: tapes,
    start: () => tapes.map(newBuffer),
    store: (turn, carry, memory) =>
      pick(carry, read).map((value, i) => writeRow(memory[i]!, turn, value)),
    turnRound: (memory) => {
      const arrays = memory.map(frozen);
      return {
        start: [],
        recall: (turn) => ({
          carry: spread(
            arrays.map((array) => rowAt(array, turn)),
            read,
          ),
          memory: [],
        }),
      };
    },
  };
}
