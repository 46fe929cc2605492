import { treeLoop, type TreeLoopOptions } from "@diffrax-ts/autodiff";
import { carrySlots } from "@diffrax-ts/compiler";
import type { Type } from "@diffrax-ts/program";
import type { Tree } from "@diffrax-ts/protocol";
import { flatten, type Tensor, unflatten } from "@diffrax-ts/pytree";

/** A tree with the places at which a host finds the leaves of a loop's state while the loop rests. */
export type Slots<State> = [Tree] extends [State]
  ? unknown
  : State extends Tensor
    ? number
    : State extends object
      ? { readonly [Key in keyof State]: Slots<State[Key]> }
      : State;

/** `while (goesOn(state)) state = turn(state)`, and where a host finds the state. */
export function stateLoop<State>(
  start: State,
  goesOn: (state: State) => Tensor,
  turn: (state: State) => State,
  options: TreeLoopOptions,
): { readonly state: State; readonly slots: Slots<State> } {
  const { leaves, structure } = flatten(start, "state");
  const slots = unflatten(structure, carrySlots(leaves as readonly unknown[] as readonly Type[]));
  return {
    state: treeLoop("diffeqsolve", start, goesOn, turn, options),
    slots: slots as Slots<State>,
  };
}
