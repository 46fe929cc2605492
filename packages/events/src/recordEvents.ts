import {
  argmax,
  astype,
  equal,
  logicalAnd,
  logicalNot,
  mul,
  where,
  zeros,
} from "@diffrax-ts/array";
import { treeLoop } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import {
  type LocalInterpolation,
  resultTensor,
  type StepMade,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { anyOf } from "./crossings.ts";
import { type EventTrack, type Room, writeEvent } from "./EventTrack.ts";
import { findEvent, type Finding, type FoundEvent } from "./findEvent.ts";
import type { EventfulStep } from "./locate.ts";

/** Where the recording of the events of a step stands. */
interface Recording {
  /** The events that are left. */
  readonly fired: Tensor;
  readonly rows: EventTrack;
  readonly t1: Scalar;
  readonly y1: Tree;
  readonly mask: Tensor;
  readonly wasCut: Tensor;
  readonly result: Tensor;
}

/** Writes down the events of a step, one after the other, up to the one that ends the solve, which it gives. */
export function recordEvents(
  finding: Finding,
  { end, room }: { readonly end: number | null; readonly room: Room },
  { fired, ...eventful }: Pick<EventfulStep, "before" | "after" | "fired" | "areTruths">,
  rows: EventTrack,
  step: StepMade,
  curve: () => LocalInterpolation,
): FoundEvent & { readonly rows: EventTrack } {
  const fine = resultTensor("successful");
  const none = zeros([fired.length], { dtype: "bool" });
  const no = scalarTensor("bool", 0);
  const { t1, y1 } = step;
  const start: Recording = { fired, rows, t1, y1, mask: none, wasCut: no, result: fine };
  const { direction } = finding.context;

  const record = ({ fired: left, rows: before }: Recording): Recording => {
    const found = findEvent(finding, { ...eventful, fired: left }, step, curve);
    const written = writeEvent(before, room, {
      t: mul(found.t, direction),
      y: found.y,
      index: argmax(astype(found.mask, "int32")),
    });
    const isFound = equal(found.result, fine);
    const isEnd = end === null ? null : logicalAnd(isFound, equal(written.count, end));
    const pick = (a: Tensor, b: Tensor): Tensor => (isEnd === null ? b : where(isEnd, a, b));
    return {
      fired: logicalAnd(left, logicalNot(found.mask)),
      rows: written,
      t1: pick(found.t, t1) as Scalar,
      y1: treeMap(pick, found.y, y1),
      mask: isEnd === null ? none : logicalAnd(isEnd, found.mask),
      wasCut: isEnd === null ? no : logicalAnd(isEnd, found.isInside),
      result: pick(resultTensor("eventOccurred"), found.result),
    };
  };
  const all = treeLoop<Recording>(
    "Event",
    start,
    ({ fired: left, result }) => logicalAnd(anyOf(left), equal(result, fine)),
    record,
    { bound: fired.length },
  );
  const { t1: t, y1: y, mask, wasCut: isInside, result, rows: written } = all;
  return { t, y, mask, isInside, result, rows: written };
}
