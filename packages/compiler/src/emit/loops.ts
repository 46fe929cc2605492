import {
  type Equation,
  isConcrete,
  type Program,
  sizeOf,
  type Variable,
} from "@diffrax-ts/program";
import { i32, op } from "../wasm/opcodes.ts";
import { BlockEmitter, framePointer, pushScalar, storeLocal } from "./BlockEmitter.ts";
import { emitCopyArray } from "./cluster.ts";
import { FunctionEmitter, mostLocals, valueType } from "./FunctionEmitter.ts";
import type { MemoryPlace, Place, ScalarPlace } from "./Place.ts";

/** How often a loop function goes round before it returns, so that V8 can replace it by optimised code. */
const turnsPerCall = 1024;
/** A loop inside another is a function of its own if its body has more equations than this. */
const smallBody = 150;
/** More scalars than this from outside are read from memory at each use. */
const mostConsts = 48;

/**
 * A loop, as lowering leaves it: the last value carried says whether to go on.
 *
 * V8 has no on-stack replacement for WebAssembly: a long loop would run in baseline code for ever. So a loop that
 * may be long is a function that is called again and again for some turns.
 */
export function emitLoop(block: BlockEmitter, equation: Equation<"loop">): void {
  const { inputs, params, outputs } = equation;
  const { numConsts, body } = params;
  const carried = inputs.slice(numConsts);

  // Where the values carried are between turns.
  const asFunction = !block.inLoop || numEquations(body) > smallBody;
  const consts = inputs.slice(0, numConsts).map((atom) => block.place(atom));
  const slots = carried.map((atom, i): Place => carrySlot(block, atom, outputs[i]!, asFunction));
  if (asFunction) emitLoopFunction(block, equation, consts, slots, null);
  else emitInline(block, params.body, params.cond!, consts, slots);
  ownSlots(block, outputs, slots);
}

/** After a loop its outputs are where the carried values were. */
export function ownSlots(
  block: BlockEmitter,
  outputs: readonly Variable[],
  slots: readonly Place[],
): void {
  for (const [i, output] of outputs.entries()) {
    const slot = slots[i]!;
    block.own(output, slot);
    if (slot.at === "memory" && slot.holding !== null && !output.buffer) slot.holding.count--;
  }
}

/** The number of equations of a program and all programs in it. */
function numEquations({ equations }: Program): number {
  let count = equations.length;
  for (const { params } of equations) {
    for (const value of Object.values(params) as unknown[]) {
      for (const inner of Array.isArray(value) ? value : [value]) {
        if (typeof inner === "object" && inner !== null && "equations" in inner)
          count += numEquations(inner as Program);
      }
    }
  }
  return count;
}

/** A place for a carried value, with the first value in it. A buffer stays where it is. */
export function carrySlot(
  block: BlockEmitter,
  atom: Equation["inputs"][number],
  output: Variable,
  inFrame: boolean,
): Place {
  const { f } = block;
  const { dtype, shape } = output;
  if (output.buffer) return block.place(atom);
  if (shape.length > 0) {
    const slot = block.scratch(dtype, shape);
    slot.holding!.count = 1; // held by the loop until its output owns it
    emitCopyArray(block, block.place(atom), slot);
    return slot;
  }
  if (inFrame) {
    const { offset } = block.module.frame.reserve(8);
    f.get(framePointer);
    block.push(atom);
    f.store(dtype, offset);
    return { at: "frame", offset, dtype };
  }
  const local = f.newLocal(valueType(dtype));
  block.push(atom);
  f.set(local);
  return { at: "local", local, dtype };
}

/** The turns, in the present function. The scalars carried are in locals. */
function emitInline(
  block: BlockEmitter,
  body: Program,
  cond: Program,
  consts: readonly Place[],
  slots: readonly Place[],
  limit: number | null = null,
): void {
  const { f } = block;
  f.block(op.block, () => {
    f.block(op.loop, () => {
      block.inner(cond, [...consts, ...slots], (inside) => inside.push(cond.outputs[0]!), true);
      f.op(op.i32_eqz);
      f.branch(op.br_if, 1);
      if (limit !== null) {
        f.get(limit);
        f.op(op.i32_eqz);
        f.branch(op.br_if, 1);
        f.get(limit);
        f.i32(1);
        f.op(op.i32_sub);
        f.set(limit);
      }
      block.inner(
        body,
        [...consts, ...slots],
        (inside) => emitNextCarry(inside, body, slots),
        true,
      );
      f.branch(op.br, 0);
    });
  });
}

/** Moves what the body gives into the slots, all at once: one may be the old value of another. */
function emitNextCarry(inside: BlockEmitter, body: Program, slots: readonly Place[]): void {
  const changed = slots.flatMap((slot, i) => {
    const output = body.outputs[i]!;
    return isConcrete(output) || inside.places[output.id] !== slot ? [i] : [];
  });
  const arrays = changed.filter((i) => slots[i]!.at === "memory" && !body.outputs[i]!.buffer);
  // An array that is a view of a slot is copied aside first: that slot may be overwritten before it is read.
  const sources = arrays.map((i) => {
    const place = inside.place(body.outputs[i]!);
    const isSlot = slots.some(
      (slot) => slot.at === "memory" && place.at === "memory" && overlaps(slot, place),
    );
    if (!isSlot) return { place, copy: null };
    const copy = inside.scratch(place.dtype, body.outputs[i]!.shape);
    emitCopyArray(inside, place, copy);
    return { place: copy, copy };
  });
  for (const [j, i] of arrays.entries()) {
    emitCopyArray(inside, sources[j]!.place, slots[i] as MemoryPlace);
    if (sources[j]!.copy !== null) inside.release(sources[j]!.copy);
  }

  const scalars = changed.filter((i) => slots[i]!.at === "local" || slots[i]!.at === "frame");
  for (const i of scalars) inside.push(body.outputs[i]!);
  for (const i of scalars.toReversed()) inside.setScalar(slots[i] as ScalarPlace);
}

/** Whether a view may be of the memory of a slot. What an address in a local leads to is not known. */
function overlaps(slot: MemoryPlace, place: MemoryPlace): boolean {
  if (place.base !== slot.base) return true;
  const bytes = 8 * sizeOf(slot.shape);
  return (
    place.holding === slot.holding ||
    (place.offset < slot.offset + bytes && place.offset >= slot.offset)
  );
}

/**
 * The turns in a function of its own, `(frame, turns) => goOn`. Between calls all it carries is in the frame.
 *
 * @param exportName - Exported, it is called by the host; otherwise it is called here until it is done.
 */
export function emitLoopFunction(
  block: BlockEmitter,
  { params: { body, cond } }: Equation<"loop">,
  outerConsts: readonly Place[],
  slots: readonly Place[],
  exportName: string | null,
): void {
  const { module, f: outer } = block;
  const index = module.declare();
  const f = new FunctionEmitter([i32, i32]);
  const limit = 1;

  // Values in locals of the caller are handed over in the frame.
  const numScalars = outerConsts.filter((place) => place.at === "local").length;
  const consts = outerConsts.map((place): Place =>
    handOver(block, f, place, numScalars <= mostConsts),
  );
  const areInFrame = slots.length > mostLocals / 2;
  const inner = slots.map((slot): Place => {
    if (slot.at === "frame" && areInFrame) return slot;
    if (slot.at === "memory")
      return slot.base === framePointer ? slot : handOver(block, f, slot, true);
    const local = f.newLocal(valueType(slot.dtype));
    pushScalar(module, f, slot as ScalarPlace);
    f.set(local);
    return { at: "local", local, dtype: slot.dtype };
  });

  const inside = new BlockEmitter(module, f, emptyProgram(body), [], true);
  emitInline(inside, body, cond!, consts, inner, limit);
  for (const [i, slot] of slots.entries()) {
    const place = inner[i]!;
    if (slot.at === "frame" && place.at === "local") storeLocal(f, place.local, slot);
  }
  pushScalar(module, f, inner.at(-1) as ScalarPlace);
  module.define(index, f, [i32], exportName);

  if (exportName !== null) return;
  outer.block(op.loop, () => {
    outer.get(framePointer);
    outer.i32(turnsPerCall);
    outer.call(index);
    outer.branch(op.br_if, 0);
  });
}

/** Makes a value of the caller readable in another function, `f`. */
export function handOver(
  block: BlockEmitter,
  f: FunctionEmitter,
  place: Place,
  inLocals: boolean,
): Place {
  const { module, f: outer } = block;
  if (place.at === "splat")
    return { ...place, scalar: handOver(block, f, place.scalar, inLocals) as ScalarPlace };
  if (place.at === "constant") return place;
  if (place.at === "memory") {
    if (place.base === framePointer) return { ...place, holding: null };
    const { offset } = module.frame.reserve(8);
    outer.get(framePointer);
    outer.get(place.base);
    outer.store("int32", offset);
    const base = f.newLocal(i32);
    f.get(framePointer);
    f.load("int32", offset);
    f.set(base);
    return { ...place, base, holding: null };
  }
  let { dtype } = place;
  let from: ScalarPlace = place;
  if (place.at === "local") {
    const { offset } = module.frame.reserve(8);
    outer.get(framePointer);
    outer.get(place.local);
    outer.store(dtype, offset);
    from = { at: "frame", offset, dtype };
  }
  if (!inLocals) return from;
  const local = f.newLocal(valueType(dtype));
  pushScalar(module, f, from);
  f.set(local);
  return { at: "local", local, dtype };
}

function emptyProgram(like: Program): Program {
  return { ...like, inputs: [], equations: [], outputs: [], numVariables: 0 };
}
