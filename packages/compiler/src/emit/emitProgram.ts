import {
  bytesOf,
  type Equation,
  type HostCallbackParams,
  isEquation,
  type Program,
  rowMajor,
  sizeOf,
  type Type,
} from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import { i32 } from "../wasm/opcodes.ts";
import { emitArrayEquation } from "./arrays.ts";
import { BlockEmitter, framePointer } from "./BlockEmitter.ts";
import { emitCluster, emitCopyArray } from "./cluster.ts";
import { emitCall, emitCond, emitHostCallback } from "./control.ts";
import { FunctionEmitter } from "./FunctionEmitter.ts";
import { carrySlot, emitLoop, emitLoopFunction, handOver, ownSlots } from "./loops.ts";
import { ModuleEmitter } from "./ModuleEmitter.ts";
import { isContiguous, type MemoryPlace, type Place, type ScalarPlace } from "./Place.ts";

/** Where an input, an output or a carried value is in the frame. Arrays have no gaps. */
export interface Slot {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly offset: number;
}

/** A program as WebAssembly, and what its caller has to know of the frame. */
export interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly frameBytes: number;
  /** What has to be in the frame before every call. */
  readonly initial: readonly { readonly offset: number; readonly data: ArrayBufferView }[];
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
  readonly hosts: readonly HostCallbackParams[];
  /** What failed, by the number at the start of the frame, from 1 on. */
  readonly messages: readonly string[];
  /** What the loop that the host runs carries; `null` without such a loop. */
  readonly carry: readonly Slot[] | null;
}

/**
 * Emits a lowered program. The module exports `main(frame)`; or, if one of its loops is run by the host, `main`,
 * `burst(frame, turns) => goOn` and `rest(frame)`, to be called in this order.
 */
export function emitProgram(program: Program): Emitted {
  const module = new ModuleEmitter(countHosts(program), {
    cluster: emitCluster,
    array: emitArrayEquation,
    loop: emitLoop,
    cond: emitCond,
    call: emitCall,
    hostCallback: emitHostCallback,
  });
  const { frame } = module;
  const f = new FunctionEmitter([i32]);
  const slot = (type: Type): Slot => ({
    dtype: type.dtype,
    shape: type.shape,
    offset: frame.reserve(sizeOf(type.shape) * bytesOf(type.dtype)).offset,
  });
  const inputs = program.inputs.map(slot);
  const outputs: Slot[] = [];
  const block = new BlockEmitter(module, f, program, inputs.map(placeOf), false);

  let main = module.declare();
  let exportName = "main";
  let carry: Slot[] | null = null;
  block.hostLoop = (equation: Equation<"loop">): void => {
    const { numConsts } = equation.params;
    const consts = equation.inputs.slice(0, numConsts).map((atom) => block.place(atom));
    const slots = equation.inputs
      .slice(numConsts)
      .map((atom, i) => carrySlot(block, atom, equation.outputs[i]!, true));
    emitLoopFunction(block, equation, consts, slots, "burst");
    ownSlots(block, equation.outputs, slots);
    carry = slots.map((place, i) => {
      const { dtype, shape } = equation.outputs[i]!;
      return { dtype, shape, offset: (place as MemoryPlace).offset };
    });

    // The rest is another function: what it reads of locals has to be in the frame.
    const rest = new FunctionEmitter([i32]);
    for (const [id, place] of block.places.entries()) {
      if (place === undefined || !block.isNeededLater(id)) continue;
      block.places[id] = handOver(block, rest, place, false);
    }
    module.define(main, block.f, [], exportName);
    main = module.declare();
    exportName = "rest";
    block.f = rest;
  };
  block.run(() => {
    for (const output of program.outputs) {
      const place = output.shape.length > 0 ? block.place(output) : undefined;
      // Nothing runs any more, so an array without gaps can be read where it is.
      if (place?.at === "memory" && place.base === framePointer && isContiguous(place)) {
        outputs.push({ dtype: output.dtype, shape: output.shape, offset: place.offset });
        continue;
      }
      const to = slot(output);
      outputs.push(to);
      if (place !== undefined) emitCopyArray(block, place, placeOf(to) as MemoryPlace);
      else {
        block.f.get(framePointer);
        block.push(output);
        block.f.store(output.dtype, to.offset);
      }
    }
  });
  module.define(main, block.f, [], exportName);
  return {
    bytes: module.build(),
    frameBytes: frame.size,
    initial: frame.initial.map(asNumbers),
    inputs,
    outputs,
    hosts: module.hosts,
    messages: module.messages,
    carry,
  };
}

function placeOf({ dtype, shape, offset }: Slot): Place {
  if (shape.length === 0) return { at: "frame", offset, dtype } satisfies ScalarPlace;
  return {
    at: "memory",
    base: framePointer,
    offset,
    shape,
    stride: rowMajor(shape),
    dtype,
    holding: null,
  };
}

/** How often a host callback is emitted: in branches and bodies too, and once in a function that is called. */
function countHosts(program: Program, called = new Set<Program>()): number {
  let count = 0;
  for (const equation of program.equations) {
    if (isEquation(equation, "hostCallback")) count++;
    if (isEquation(equation, "cond"))
      for (const branch of equation.params.branches) count += countHosts(branch, called);
    if (isEquation(equation, "loop")) {
      count += countHosts(equation.params.body, called) + countHosts(equation.params.cond!, called);
    }
    if (isEquation(equation, "call") && !called.has(equation.params.program)) {
      called.add(equation.params.program);
      count += countHosts(equation.params.program, called);
    }
  }
  return count;
}

/** Words of 64 bits as float64, which copies faster. */
function asNumbers({ offset, data }: Emitted["initial"][number]): Emitted["initial"][number] {
  return {
    offset,
    data:
      data instanceof BigInt64Array
        ? new Float64Array(data.buffer, data.byteOffset, data.length)
        : data,
  };
}
