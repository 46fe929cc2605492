import { type Equation, isConcrete, type Program, sizeOf } from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import * as op from "../wasm/opcodes.ts";
import { i32 } from "../wasm/valueTypes.ts";
import { allEquations } from "./allEquations.ts";
import { BlockEmitter, type Slot } from "./BlockEmitter.ts";
import { emitCopy } from "./cluster.ts";
import { FunctionEmitter, mostLocals, valueTypes } from "./FunctionEmitter.ts";
import { hoistPanels } from "./hoistPanels.ts";
import { framePointer, isArray, localAt, memoryAt, type MemoryPlace, type Place } from "./Place.ts";

/** How often a loop function goes round before it returns, so that V8 can replace it by optimised code. */
export const turnsPerCall = 1024;
/** A loop inside another is a function of its own if its body has more equations than this. */
const smallBody = 150;
/** More scalars than this from outside are read from memory at each use. */
const mostConsts = 48;

/**
 * What writes a loop for several elements at once, if it can: the function `(frame, turns) => goOn`, from the places of what the loop reads
 * and carries.
 */
export type LoopInLanes = (
  block: BlockEmitter,
  equation: Equation<"loop">,
) => ((consts: readonly Place[], slots: readonly Place[]) => number) | null;

/**
 * A loop, as lowering leaves it: the last value carried says whether to go on.
 *
 * V8 has no on-stack replacement for WebAssembly: a long loop would run in baseline code for ever. So a loop that
 * may be long is a function that is called again and again for some turns.
 */
export function emitLoop(block: BlockEmitter, equation: Equation<"loop">): void {
  const { f } = block;
  const inLanes = (equation.params.inLanes as LoopInLanes | undefined)?.(block, equation) ?? null;
  const asFunction =
    inLanes !== null || !block.inLoop || allEquations(equation.params.body).length > smallBody;
  const consts = constPlaces(block, equation);
  const slots = carrySlots(block, equation, asFunction);
  const giveBack = block.inLoop ? null : hoistPanels(block, equation, consts);
  if (asFunction) {
    const index =
      inLanes?.(consts, slots) ?? emitLoopFunction(block, equation, consts, slots, null);
    f.block(op.loop, () => {
      f.get(framePointer);
      f.i32(turnsPerCall);
      f.op(op.call, index);
      f.op(op.br_if, 0);
    });
  } else emitTurns(block, equation.params.body, consts, slots, null);
  giveBack?.();
  for (const [i, output] of equation.outputs.entries()) {
    const slot = slots[i]!;
    block.own(output, slot);
    if (slot.at === "memory" && slot.holding !== null && !output.buffer) slot.holding.count--;
  }
}

/** A loop that the host runs: the function `burst`. What it carries is in the frame, and stays there. */
export function emitHostLoop(block: BlockEmitter, equation: Equation<"loop">): MemoryPlace[] {
  const slots = carrySlots(block, equation, true);
  const consts = constPlaces(block, equation);
  const giveBack = hoistPanels(block, equation, consts);
  emitLoopFunction(block, equation, consts, slots, "burst");
  giveBack();
  for (const [i, output] of equation.outputs.entries()) block.own(output, slots[i]!);
  return slots as MemoryPlace[];
}

function constPlaces(block: BlockEmitter, { inputs, params }: Equation<"loop">): Place[] {
  return inputs.slice(0, params.numConsts).map((atom) => block.place(atom));
}

/** Where values carried are between turns, with the first ones in it. Buffers stay where they are. */
function carrySlots(
  block: BlockEmitter,
  { inputs, params: { numConsts }, outputs }: Equation<"loop">,
  inFrame: boolean,
): Place[] {
  return outputs.map((output, i) => {
    const from = block.place(inputs[numConsts + i]!);
    if (output.buffer) return from;
    if (output.shape.length === 0 && !inFrame) {
      block.pushPlace(from);
      return localAt(block.f.keep(valueTypes[output.dtype]), output.dtype);
    }
    const slot = block.scratch(output);
    slot.holding!.count = 1; // held by the loop
    emitCopy(block, from, slot);
    return slot;
  });
}

/** The turns, in the present function. */
function emitTurns(
  block: BlockEmitter,
  body: Program,
  consts: readonly Place[],
  slots: readonly Place[],
  limit: number | null,
): void {
  const { f } = block;
  const leaveIfZero = (): void => {
    f.op(op.i32_eqz);
    f.op(op.br_if, 1);
  };
  f.block(op.block, () =>
    f.block(op.loop, () => {
      block.pushPlace(slots.at(-1)!);
      leaveIfZero();
      if (limit !== null) {
        f.get(limit);
        leaveIfZero();
        f.advance(limit, -1);
      }
      const next = (inside: BlockEmitter): void => emitNextCarry(inside, slots);
      block.inner(body, [...consts, ...slots], next, true, 1, slotsOf(body, slots));
      f.op(op.br, 0);
    }),
  );
}

/** By the id of each array that the body gives: where it goes. Of one that goes to several places, the last. */
function slotsOf({ inputs, outputs }: Program, slots: readonly Place[]): Map<number, Slot> {
  const numConsts = inputs.length - slots.length;
  const all = new Map<number, Slot>();
  for (const [i, place] of slots.entries()) {
    const output = outputs[i]!;
    if (isConcrete(output) || output.buffer || !isArray(place)) continue;
    all.set(output.id, { place, input: inputs[numConsts + i]!.id });
  }
  return all;
}

/** Moves what the body gives into the slots, all at once: one may be the old value of another. */
export function emitNextCarry(inside: BlockEmitter, slots: readonly Place[]): void {
  const { outputs } = inside.program;
  const changed = [...slots.keys()].filter((i) => {
    const output = outputs[i]!;
    return !output.buffer && (isConcrete(output) || inside.places[output.id] !== slots[i]);
  });
  const arrays = changed.filter((i) => isArray(slots[i]!));
  // An array that is a view of a slot is copied aside first: that slot may be overwritten before it is read.
  const sources = arrays.map((i) => {
    const place = inside.place(outputs[i]!);
    if (!slots.some((slot) => overlaps(slot, place))) return place;
    const copy = inside.scratch(outputs[i]!);
    emitCopy(inside, place, copy);
    return copy;
  });
  for (const [j, i] of arrays.entries()) {
    emitCopy(inside, sources[j]!, slots[i] as MemoryPlace);
    inside.release(sources[j]!);
  }

  const scalars = changed.filter((i) => !isArray(slots[i]!));
  for (const i of scalars) inside.push(outputs[i]!);
  for (const i of scalars.toReversed()) inside.setScalar(slots[i]!);
}

/** Whether a view may be of the memory of a slot. What an address in a local leads to is not known. */
function overlaps(slot: Place, place: Place): boolean {
  if (slot.at !== "memory" || place.at !== "memory") return false;
  if (place.base !== slot.base || place.holding === slot.holding) return true;
  return place.offset >= slot.offset && place.offset < slot.offset + 8 * sizeOf(slot.shape);
}

/**
 * The turns in a function of its own, `(frame, turns) => goOn`. Between calls all it carries is in the frame.
 *
 * @param exportName - For a function that the host calls.
 */
function emitLoopFunction(
  block: BlockEmitter,
  { params: { body } }: Equation<"loop">,
  outerConsts: readonly Place[],
  slots: readonly Place[],
  exportName: string | null,
): number {
  const { module } = block;
  const index = module.declare();
  const f = new FunctionEmitter([i32, i32]);
  const numScalars = outerConsts.filter((place) => place.at === "local").length;
  const isLong = module.isLong(body);
  const inLocals = !isLong && numScalars <= mostConsts;
  const consts = outerConsts.map((place) => handOver(block, f, place, inLocals));
  const areInFrame = isLong || slots.length > mostLocals / 2;
  const inner = slots.map((slot) =>
    slot.at === "memory" && slot.base === framePointer && (areInFrame || isArray(slot))
      ? slot
      : handOver(block, f, slot, true),
  );

  const nothing = { ...body, inputs: [], equations: [], outputs: [], numVariables: 0 };
  const inside = new BlockEmitter(module, f, nothing, [], true);
  emitTurns(inside, body, consts, inner, 1);
  for (const [i, slot] of slots.entries()) {
    const place = inner[i]!;
    if (place.at === "local") f.store(slot as MemoryPlace, () => f.get(place.local));
  }
  inside.pushPlace(inner.at(-1)!);
  module.define(index, f, [i32], exportName);
  return index;
}

/** Makes a value of the caller readable in another function, `f`: it is handed over in the frame. */
export function handOver(
  block: BlockEmitter,
  f: FunctionEmitter,
  place: Place,
  inLocals: boolean,
): Place {
  if (place.at === "constant") return place;
  const toFrame = (local: number, dtype: DType): MemoryPlace => {
    const to = memoryAt({ dtype, shape: [] }, framePointer, block.module.frame.reserve(8));
    block.f.store(to, () => block.f.get(local));
    return to;
  };
  const fromFrame = (from: MemoryPlace): number => {
    f.load(from);
    return f.keep(valueTypes[from.dtype]);
  };
  if (place.at === "memory" && place.base !== framePointer)
    return { ...place, base: fromFrame(toFrame(place.base, "int32")), holding: null };
  const from = place.at === "memory" ? place : toFrame(place.local, place.dtype);
  return inLocals && from.shape.length === 0
    ? localAt(fromFrame(from), from.dtype)
    : { ...from, holding: null };
}
