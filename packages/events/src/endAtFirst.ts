import { equal, where, zeros } from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import { type LocalInterpolation, resultTensor, type StepMade } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import { anyOf, firstOf } from "./crossings.ts";
import { findEvent, type Finding, type FoundEvent } from "./findEvent.ts";

/** A step without an event in it. */
export function noEventIn({ t1, y1 }: StepMade, conditions: number): FoundEvent {
  return {
    t: t1,
    y: y1,
    mask: zeros([conditions], { dtype: "bool" }),
    isInside: scalarTensor("bool", 0),
    result: resultTensor("successful"),
  };
}

/** The first event of a step, if there is one, which ends the solve: `result` says so. */
export function endAtFirst(
  finding: Finding,
  eventful: Parameters<typeof findEvent>[1],
  step: StepMade,
  curve: () => LocalInterpolation,
): FoundEvent {
  const { fired, areTruths } = eventful;
  const hasEvent = anyOf(fired);
  const none = (): FoundEvent => noEventIn(step, fired.length);
  if (finding.rootFinder === null || areTruths.every(Boolean))
    return { ...none(), mask: firstOf(fired), result: occurred(hasEvent) };
  const ended = (): FoundEvent => {
    const found = findEvent(finding, eventful, step, curve);
    return { ...found, result: endOf(found) };
  };
  return cond(hasEvent, ended, none);
}

/** How a solve ends at an event: as it should, or as the root finder failed. */
function endOf({ result }: FoundEvent): Tensor {
  const isFound = equal(result, resultTensor("successful"));
  return where(isFound, resultTensor("eventOccurred"), result);
}

export function occurred(hasEvent: Tensor): Tensor {
  return where(hasEvent, resultTensor("eventOccurred"), resultTensor("successful"));
}
