import {
  type ElementwisePrimitive,
  type Equation,
  isElementwise,
  type Primitive,
} from "@diffrax-ts/program";
import {
  emitBufferNew,
  emitBufferWrite,
  emitConcatenate,
  emitIota,
  emitPack,
  emitPad,
  emitView,
} from "./arrays.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { emitAssert, emitCall, emitCond, emitHostCallback } from "./control.ts";
import { emitDot } from "./dot.ts";
import {
  emitDynamicSlice,
  emitDynamicUpdateSlice,
  emitGather,
  emitScatterAdd,
} from "./indexing.ts";
import { emitLoop } from "./loops.ts";
import type { Place } from "./Place.ts";
import { emitArgReduce, emitCumsum, emitReduce } from "./reduce.ts";
import { emitRow } from "./rows.ts";

/** Writes an equation. If it does not say itself where its outputs are, it gives the place of the only one. */
type Emit<P extends Primitive> = (block: BlockEmitter, equation: Equation<P>) => Place | void;

/** What lowering leaves beside operations on elements. */
type Emitted = Exclude<Primitive, ElementwisePrimitive | "derived">;

const emitters: { readonly [P in Emitted]: Emit<P> } = {
  argmax: emitArgReduce,
  argmin: emitArgReduce,
  assert: emitAssert,
  broadcast: emitView,
  bufferFreeze: (block, { inputs }) => block.place(inputs[0]!),
  bufferNew: emitBufferNew,
  bufferWrite: emitBufferWrite,
  call: emitCall,
  concatenate: emitConcatenate,
  cond: emitCond,
  cumsum: emitCumsum,
  dotGeneral: emitDot,
  dynamicSlice: emitDynamicSlice,
  dynamicUpdateSlice: emitDynamicUpdateSlice,
  gather: emitGather,
  hostCallback: emitHostCallback,
  iota: emitIota,
  loop: emitLoop,
  pack: emitPack,
  pad: emitPad,
  reduceMax: emitReduce,
  reduceMin: emitReduce,
  reduceProd: emitReduce,
  reduceSum: emitReduce,
  reshape: emitView,
  reverse: emitView,
  scatterAdd: emitScatterAdd,
  slice: emitView,
  transpose: emitView,
};

/** Writes an equation that is not one operation on scalars. */
export function emitEquation(block: BlockEmitter, equation: Equation): void {
  const { primitive } = equation;
  if (block.lanes !== 1 && block.module.inLanes?.(block, equation) === true) return;
  const emit = emitters[primitive as Emitted] as Emit<Primitive>;
  const place = isElementwise(primitive) ? emitRow(block, equation) : emit(block, equation);
  if (place !== undefined) block.give(equation.outputs[0]!, place);
}
