import type { Type } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** How the values that a loop carries are remembered on its way forward, and found again on the way back. */
export interface LoopMemory {
  /** Of what the loop forward carries for it. */
  readonly types: readonly Type[];
  /** Before the first turn. */
  start(): readonly Tensor[];
  /**
   * After a turn.
   *
   * @param turn - Its number, from 0 on.
   * @param carry - What the loop carried when the turn began.
   */
  store(turn: Tensor, carry: readonly Tensor[], memory: readonly Tensor[]): readonly Tensor[];
  /**
   * After the last turn.
   *
   * @param inputs - Of the loop.
   */
  turnRound(memory: readonly Tensor[], inputs: readonly Tensor[]): Recollection;
}

/** The way back, from the last turn to the first. */
export interface Recollection {
  /** What the loop back carries for it. */
  readonly start: readonly Tensor[];
  /** What the loop carried when this turn began, as far as the derivative reads it, and the memory for the turn before. */
  recall(
    turn: Tensor,
    memory: readonly Tensor[],
  ): { readonly carry: readonly (Tensor | null)[]; readonly memory: readonly Tensor[] };
}
