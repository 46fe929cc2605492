import { add, less } from "@diffrax-ts/array";
import { assert } from "@diffrax-ts/autodiff";
import { apply, isFloat, scalarTensor } from "@diffrax-ts/program";
import { type EventRows, type EventStart, type Tree, treeLeaves } from "@diffrax-ts/protocol";
import { type Scalar, structure, type Tensor } from "@diffrax-ts/pytree";

/** Rows of events, one for each. */
export interface EventTrack {
  readonly [key: string]: Tree;
  readonly count: Tensor;
  /** Times as the user counts them. */
  readonly ts: Tensor;
  /** Of each, the condition that it belongs to. */
  readonly index: Tensor;
  /** A buffer for each leaf of the state. */
  readonly ys: readonly Tensor[];
}

/** How many events there is room for. */
export interface Room {
  /** More are an error; `null`: the host takes them out in time. */
  readonly maxEvents: number | null;
  /** The events that one step may have. */
  readonly perStep: number;
}

/** The rows that the host takes out at a time: at least those of a few steps. */
function rowsToDrain(chunk: number, { perStep }: Room): number {
  return Math.max(chunk, 4 * perStep);
}

/** No events, with room for some. @throws TypeError inside of a traced function, if nobody says for how many. */
export function noEvents({ t0, y0, chunk }: EventStart, room: Room): EventTrack {
  const { maxEvents } = room;
  if (maxEvents === null && chunk === null) {
    throw new TypeError(
      "Event: inside of a traced function, as under jit, vmap or grad, maxEvents has to say how many events there is room for: " +
        "arrays there have a length that is known",
    );
  }
  const length = maxEvents ?? rowsToDrain(chunk!, room);
  const buffer = ({ dtype, shape }: Tensor): Tensor => {
    const fill = isFloat(dtype) ? Infinity : 0;
    return apply("bufferNew", [], { dtype, shape: [length, ...shape], fill })[0]!;
  };
  const count = scalarTensor("int32", 0);
  const ys = treeLeaves(y0).map((leaf) => buffer(leaf));
  return { count, ts: buffer(t0), index: buffer(count), ys };
}

/** One more event. */
export function writeEvent(
  { count, ts, index, ys }: EventTrack,
  { maxEvents }: Room,
  event: { readonly t: Tensor; readonly y: Tree; readonly index: Tensor },
): EventTrack {
  if (maxEvents !== null) {
    assert(
      less(count, maxEvents),
      `Event: there are more than maxEvents = ${maxEvents} events; make room for more`,
    );
  }
  const write = (buffer: Tensor, value: Tensor): Tensor =>
    apply("bufferWrite", [buffer, count, value, scalarTensor("bool", 1)], {})[0]!;
  const leaves = treeLeaves(event.y);
  return {
    count: add(count, 1),
    ts: write(ts, event.t),
    index: write(index, event.index),
    ys: ys.map((buffer, i) => write(buffer, leaves[i]!)),
  };
}

/** What a solution has of them. */
export function rowsOf(
  { count, ts, index, ys }: EventTrack,
  { maxEvents, perStep }: Room,
  y0: Tree,
): EventRows {
  return {
    count,
    ts,
    ys: [index, ...ys],
    structure: structure({ index: count as Scalar, ys: y0 }),
    stepsPerDrain: maxEvents === null ? Math.floor(ts.length / perStep) : null,
  };
}
