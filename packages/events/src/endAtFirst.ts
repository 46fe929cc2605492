import { equal, where, zeros } from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import {
  type EventMet,
  type LocalInterpolation,
  resultTensor,
  type StepMade,
  type Tree,
} from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import { anyOf, firstOf } from "./crossings.ts";
import { findEvent, type Finding, type FoundEvent } from "./findEvent.ts";

/** Ends the solve at the first event of a step, if there is one. */
export function endAtFirst(
  finding: Finding,
  eventful: Parameters<typeof findEvent>[1],
  step: StepMade,
  curve: () => LocalInterpolation,
): Omit<EventMet<Tree>, "state"> & { readonly mask: Tensor } {
  const { fired, areTruths } = eventful;
  const hasEvent = anyOf(fired);
  if (finding.rootFinder === null || areTruths.every(Boolean))
    return { step, mask: firstOf(fired), wasCut: false, result: occurred(hasEvent) };
  const {
    t,
    y,
    mask: first,
    isInside,
    result,
  } = cond(
    hasEvent,
    (): FoundEvent => {
      const found = findEvent(finding, eventful, step, curve);
      return { ...found, result: endOf(found) };
    },
    () => ({
      t: step.t1,
      y: step.y1,
      mask: zeros([fired.length], { dtype: "bool" }),
      isInside: zeros([], { dtype: "bool" }),
      result: resultTensor("successful"),
    }),
  );
  return { step: { ...step, t1: t, y1: y }, mask: first, wasCut: isInside, result };
}

/** How a solve ends at an event: as it should, or as the root finder failed. */
function endOf({ result }: FoundEvent): Tensor {
  const isFound = equal(result, resultTensor("successful"));
  return where(isFound, resultTensor("eventOccurred"), result);
}

export function occurred(hasEvent: Tensor): Tensor {
  return where(hasEvent, resultTensor("eventOccurred"), resultTensor("successful"));
}
