// What loops for several elements at once do in lanes that fused loops over arrays do not.
import {
  type Atom,
  bytesOf,
  type Equation,
  isEquation,
  isScalarConstant,
  type Named,
  sizeOf,
} from "@diffrax-ts/program";
import * as op from "../wasm/opcodes.ts";
import { v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "../emit/BlockEmitter.ts";
import { emitCopy } from "../emit/cluster.ts";
import { valueTypes } from "../emit/FunctionEmitter.ts";
import { emitNextCarry } from "../emit/loops.ts";
import { rowAt, windowAt } from "../emit/indexing.ts";
import { emitEachLane, extract, replace } from "../emit/lanes.ts";
import { isArray, localAt, type MemoryPlace, type Place, viewAt } from "../emit/Place.ts";
import { laneByLane } from "./masked.ts";

/** Writes an equation of a masked program; `false` if it is nothing special. */
export function emitInLanes(block: BlockEmitter, equation: Equation): boolean {
  if (isEquation(equation, "loop")) emitLoop(block, equation);
  else if (isEquation(equation, "bufferWrite")) emitWrite(block, equation);
  else if (isEquation(equation, "pack")) emitPack(block, equation);
  else if (isEquation(equation, "call") && equation.params.name === laneByLane)
    emitCall(block, equation);
  else if (
    isEquation(equation, "reshape") ||
    isEquation(equation, "slice") ||
    isEquation(equation, "dynamicSlice")
  )
    emitElement(block, equation);
  else return false;
  return true;
}

/** An array of one element in a block in lanes: one for all, or one for each in a stack of them. */
function ofLane(place: Place, rank: number, lane: number): Place {
  if (!isArray(place) || place.shape.length === rank) return place;
  return viewAt(place, place.shape.slice(1), place.stride.slice(1), [lane]);
}

/** The turns of a loop until no element goes on. */
function emitLoop(
  block: BlockEmitter,
  { inputs, params: { body, numConsts }, outputs }: Equation<"loop">,
): void {
  const { f } = block;
  const consts = inputs.slice(0, numConsts).map((atom) => block.place(atom));
  const slots = inputs.slice(numConsts).map((atom): Place => {
    if (atom.buffer) return block.place(atom);
    block.push(atom);
    return localAt(f.keep(v128), atom.dtype);
  });
  f.block(op.block, () =>
    f.block(op.loop, () => {
      block.pushPlace(slots.at(-1)!);
      f.op(op.v128_any_true);
      f.op(op.i32_eqz);
      f.op(op.br_if, 1);
      block.inner(
        body,
        [...consts, ...slots],
        (inside) => emitNextCarry(inside, slots),
        true,
        block.lanes,
      );
      f.op(op.br, 0);
    }),
  );
  for (const [i, output] of outputs.entries()) block.own(output, slots[i]!);
}

/** A scalar of one lane, taken out of a vector. */
function laneOf(block: BlockEmitter, vector: number, { dtype }: Atom, lane: number): Place {
  const { f, lanes } = block;
  f.get(vector);
  extract(f, dtype, lane, lanes as 2 | 4);
  return localAt(f.keep(valueTypes[dtype]), dtype);
}

function keep(block: BlockEmitter, atom: Atom): number {
  block.push(atom);
  return block.f.keep(v128);
}

function free({ f }: BlockEmitter, places: readonly Place[]): void {
  for (const place of places) if (place.at === "local") f.freeLocal(place.local);
}

/** Writes rows for the elements that write one. */
function emitWrite(block: BlockEmitter, { inputs, outputs }: Equation<"bufferWrite">): void {
  const [buffer, index, value, pred] = inputs as [Atom, Atom, Atom, Atom];
  const { f } = block;
  const lanes = block.lanes as 2 | 4;
  const stack = block.place(buffer);
  const mask = keep(block, pred);
  const indices = keep(block, index);
  const isNumber = !isArray(block.place(value));
  const numbers = isNumber ? keep(block, value) : null;
  f.get(mask);
  f.op(op.v128_any_true);
  // Constants must not be loaded in here: the block takes them for loaded from then on.
  f.block(op.ifBlock, () => {
    for (let lane = 0; lane < lanes; lane++) {
      const to = ofLane(stack, buffer.shape.length, lane) as MemoryPlace;
      const place = laneOf(block, indices, index, lane) as Place & { readonly local: number };
      f.get(mask);
      extract(f, "bool", lane, lanes);
      f.get(place.local);
      f.i32(to.shape[0]!);
      f.op(op.i32_lt_u);
      f.op(op.i32_and);
      f.block(op.ifBlock, () => {
        const row = rowAt(block, to, 0, () => f.get(place.local));
        if (numbers !== null)
          f.store(row, () => {
            f.get(numbers);
            extract(f, value.dtype, lane, lanes);
          });
        else emitCopy(block, ofLane(block.place(value), value.shape.length, lane), row);
        f.freeLocal(row.base);
      });
      free(block, [place]);
    }
  });
  for (const vector of [mask, indices, numbers]) if (vector !== null) f.freeLocal(vector);
  block.own(outputs[0]!, stack);
}

/** Scalars as an array for each lane. */
function emitPack(block: BlockEmitter, { inputs, outputs }: Equation<"pack">): void {
  const { f } = block;
  const lanes = block.lanes as 2 | 4;
  const { dtype, shape } = outputs[0]!;
  const size = sizeOf(shape);
  const stack = block.scratch({ dtype, shape: [lanes, ...shape] });
  for (const [i, scalar] of inputs.entries()) {
    const vector = keep(block, scalar);
    for (let lane = 0; lane < lanes; lane++)
      f.store({ ...stack, offset: stack.offset + (lane * size + i) * bytesOf(dtype) }, () => {
        f.get(vector);
        extract(f, dtype, lane, lanes);
      });
    f.freeLocal(vector);
  }
  block.own(outputs[0]!, stack);
}

/** One element of an array, for each lane its own; it is a vector in a local from then on. */
function emitElement(
  block: BlockEmitter,
  equation: Equation<"reshape" | "slice" | "dynamicSlice">,
): void {
  const { f } = block;
  const lanes = block.lanes as 2 | 4;
  const [array, ...start] = equation.inputs as [Atom, ...Atom[]];
  const [output] = equation.outputs as [Named];
  const from = block.place(array);
  if (from.at === "local" || from.at === "constant") {
    block.pushPlace(from);
    return block.own(output, localAt(f.keep(v128), output.dtype));
  }
  const indices = start.map((atom) => (isScalarConstant(atom) ? null : keep(block, atom)));
  const vector = f.newLocal(v128);
  for (let lane = 0; lane < lanes; lane++) {
    const own = ofLane(from, array.shape.length, lane) as MemoryPlace;
    const places = start.map((atom, i) => {
      const index = indices[i]!;
      return index === null ? block.place(atom) : laneOf(block, index, atom, lane);
    });
    let element: MemoryPlace = own;
    if (isEquation(equation, "slice")) element = viewAt(own, [], [], equation.params.start);
    else if (isEquation(equation, "dynamicSlice"))
      element = windowAt(block, { ...own, holding: null }, places, equation.params.sizes);
    f.get(vector);
    f.load(element);
    replace(f, output.dtype, lane, lanes);
    f.set(vector);
    block.release(element);
    free(block, places);
  }
  for (const index of indices) if (index !== null) f.freeLocal(index);
  block.own(output, localAt(vector, output.dtype));
}

/** A call for one lane after the other. */
function emitCall(
  block: BlockEmitter,
  { inputs, params: { program }, outputs }: Equation<"call">,
): void {
  const { f } = block;
  const vectors = inputs.map((atom) => keep(block, atom));
  const results = outputs.map(() => f.newLocal(v128));
  emitEachLane(block, program, vectors, (i) => f.set(results[i]!));
  for (const vector of vectors) f.freeLocal(vector);
  for (const [i, output] of outputs.entries())
    block.own(output, localAt(results[i]!, output.dtype));
}
