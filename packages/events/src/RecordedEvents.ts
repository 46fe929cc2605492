import {
  add,
  argmax,
  astype,
  equal,
  less,
  logicalAnd,
  logicalNot,
  mul,
  where,
  zeros,
} from "@diffrax-ts/array";
import { assert, treeLoop } from "@diffrax-ts/autodiff";
import { apply, isFloat, scalarTensor } from "@diffrax-ts/program";
import {
  type EventMet,
  type EventRows,
  type LocalInterpolation,
  resultTensor,
  type StepMade,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import { type Scalar, structure, type Tensor } from "@diffrax-ts/pytree";
import { anyOf } from "./crossings.ts";
import { findEvent, type Finding } from "./findEvent.ts";
import type { EventfulStep } from "./locate.ts";

/** Rows of events, one for each. */
interface EventTrack {
  readonly [key: string]: Tree;
  readonly count: Tensor;
  /** Times as the user counts them. */
  readonly ts: Tensor;
  /** Of each, the condition that it belongs to. */
  readonly index: Tensor;
  /** A buffer for each leaf of the state. */
  readonly ys: readonly Tensor[];
}

/** Events that did not end a solve. */
export interface RecordedEvents extends EventTrack {
  /** The conditions that have had their event at the end of the last step, where they are zero. */
  readonly areSpent: Tensor;
}

/** No events, with room for some. */
export function noRecords(room: number, n: number, t0: Scalar, y0: Tree): RecordedEvents {
  const buffer = ({ dtype, shape }: Tensor): Tensor => {
    const fill = isFloat(dtype) ? Infinity : 0;
    return apply("bufferNew", [], { dtype, shape: [room, ...shape], fill })[0]!;
  };
  const count = scalarTensor("int32", 0);
  return {
    count,
    ts: buffer(t0),
    index: buffer(count),
    ys: treeLeaves(y0).map((leaf) => buffer(leaf)),
    areSpent: zeros([n], { dtype: "bool" }),
  };
}

/** What a solution has of them. */
export function rowsOf({ count, ts, index, ys }: RecordedEvents, y0: Tree): EventRows {
  return { count, ts, ys: [index, ...ys], structure: structure({ index: count, ys: y0 }) };
}

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

/** Writes down the events of a step, one after the other, up to the one that ends the solve. */
export function recordEvents(
  finding: Finding,
  { end, maxEvents }: { readonly end: number | null; readonly maxEvents: number },
  { fired, ...eventful }: Pick<EventfulStep, "before" | "after" | "fired" | "areTruths">,
  { count: behind, ts, index, ys }: RecordedEvents,
  step: StepMade,
  curve: () => LocalInterpolation,
): Omit<EventMet<Tree>, "state"> & {
  readonly recorded: EventTrack;
  readonly mask: Tensor;
} {
  const fine = resultTensor("successful");
  const none = zeros([fired.length], { dtype: "bool" });
  const no = scalarTensor("bool", 0);
  const { t1, y1 } = step;
  const rows = { count: behind, ts, index, ys };
  const start: Recording = { fired, rows, t1, y1, mask: none, wasCut: no, result: fine };
  const { direction } = finding.context;

  const record = ({ fired: left, rows: before }: Recording): Recording => {
    const found = findEvent(finding, { ...eventful, fired: left }, step, curve);
    const { count } = before;
    assert(
      less(count, maxEvents),
      `Event: there are more than maxEvents = ${maxEvents} events; make room for more`,
    );
    const write = (buffer: Tensor, value: Tensor): Tensor =>
      apply("bufferWrite", [buffer, count, value, scalarTensor("bool", 1)], {})[0]!;
    const leaves = treeLeaves(found.y);
    const written = {
      count: add(count, 1),
      ts: write(before.ts, mul(found.t, direction)),
      index: write(before.index, argmax(astype(found.mask, "int32"))),
      ys: before.ys.map((buffer, i) => write(buffer, leaves[i]!)),
    };
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
  const cut = { ...step, t1: all.t1, y1: all.y1 };
  return {
    recorded: all.rows,
    mask: all.mask,
    step: end === null ? step : cut,
    wasCut: end === null ? false : all.wasCut,
    result: all.result,
  };
}
