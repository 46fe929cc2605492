import { carrySlots } from "@diffrax-ts/compiler";
import { alignCaptured, apply, traceProgram, type Type } from "@diffrax-ts/program";
import type { Tree } from "@diffrax-ts/protocol";
import { flatten, flattenLike, type Leaf, type Tensor, unflatten } from "@diffrax-ts/pytree";

/** Options of `stateLoop`. */
export interface StateLoopOptions {
  /** No more turns than this; `null` if not known. */
  readonly bound: number | null;
  /** The host runs the loop in bursts. */
  readonly host: boolean;
  /** How many turns reverse mode remembers. */
  readonly checkpoints?: number | "all" | undefined;
}

/** A tree with the places at which a host finds the leaves of a loop's state while the loop rests. */
export type Slots<State> = [Tree] extends [State]
  ? unknown
  : State extends Tensor
    ? number
    : State extends object
      ? { readonly [Key in keyof State]: Slots<State[Key]> }
      : State;

/** `while (goesOn(state)) state = turn(state)` over a tree of tensors and buffers. */
export function stateLoop<State>(
  start: State,
  goesOn: (state: State) => Tensor,
  turn: (state: State) => State,
  { bound, host, checkpoints }: StateLoopOptions,
): { readonly state: State; readonly slots: Slots<State> } {
  const { leaves, structure } = flatten(start, "state");
  const types = leaves as readonly Leaf[] as readonly unknown[] as readonly Type[];
  const tree = (tensors: readonly Tensor[]): State => unflatten(structure, tensors) as State;
  const body = traceProgram(
    types,
    (...state) => flattenLike(structure, turn(tree(state)), "state") as Tensor[],
  );
  const cond = traceProgram(types, (...state) => [goesOn(tree(state))]);
  const { programs, captured } = alignCaptured([body, cond]);
  const outputs = apply("loop", [...captured, ...(leaves as Tensor[])], {
    body: programs[0]!,
    cond: programs[1]!,
    length: null,
    numConsts: captured.length,
    numCarry: leaves.length,
    reverse: false,
    parallel: false,
    bound,
    host,
    checkpoints,
  });
  return { state: tree(outputs), slots: unflatten(structure, carrySlots(types)) as Slots<State> };
}
