import { add, less, logicalAnd, logicalOr, maximum, sub, where } from "@diffrax-ts/array";
import { type EventMet, type StepDecision, type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { upTo } from "./clipToEnd.ts";
import type { LoopParts, LoopState } from "./LoopState.ts";

/** Where the next step begins, how far it is to go, and what the controller carries. */
export interface Going {
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly controllerState: Tree;
}

/**
 * How a solve goes on after a step: as the controller has decided, and after one that an event has made shorter with the step size that it had,
 * however little was left of it.
 */
export function goOn(
  { controller, end }: Pick<LoopParts, "controller" | "end">,
  { tprev, tnext, controllerState: before }: Pick<LoopState, "tprev" | "tnext" | "controllerState">,
  decision: StepDecision<Tree>,
  met: EventMet<Tree>,
): Going {
  const { step, change, plannedEnd } = met;
  const { t0, t1, controllerState } = decision;
  const isShort = shortened(met, tnext);
  if (isShort === false) return { t0: upTo(end, t0), t1, controllerState };
  // What is picked from two alike is like them.
  const pick = <Of extends Tensor>(a: Of, b: Of): Of => where(isShort, a, b) as Tensor as Of;
  const planned = { t0: tprev, t1: plannedEnd ?? tnext };
  // An event without a change ends the solve where it cuts.
  if (change === undefined || controller.afterCut === undefined) {
    const from = upTo(end, pick(step.t1, t0));
    const next = sub(t1, t0);
    // A step that was to end later was not tried.
    const length = plannedEnd === undefined ? next : maximum(next, sub(planned.t1, planned.t0));
    return { t0: from, t1: pick(add(from, length), t1), controllerState };
  }
  const cut = { t: step.t1, planned, controllerState: before, decision };
  const going = controller.afterCut(cut);
  return {
    t0: upTo(end, pick(going.t0, t0)),
    t1: pick(going.t1, t1),
    controllerState: treeMap(pick, going.controllerState, controllerState),
  };
}

/** Whether the step that was kept is shorter than the controller wanted it to be. */
function shortened(
  { wasCut, plannedEnd, step: { keepStep } }: EventMet<Tree>,
  tnext: Scalar,
): Tensor | false {
  if (plannedEnd === undefined) return wasCut;
  const isEarly = less(tnext, plannedEnd);
  const ended = keepStep === true ? isEarly : logicalAnd(isEarly, keepStep);
  return wasCut === false ? ended : logicalOr(wasCut, ended);
}
