import {
  bytesOf,
  type HostCallbackParams,
  type Program,
  showType,
  sizeOf,
  type Type,
} from "@diffrax-ts/program";
import type { Lowering } from "../lower/lowerProgram.ts";
import { i32 } from "../wasm/valueTypes.ts";
import { allEquations } from "./allEquations.ts";
import { BlockEmitter } from "./BlockEmitter.ts";
import { emitCluster, emitCopy } from "./cluster.ts";
import { emitEquation } from "./equations.ts";
import { FunctionEmitter } from "./FunctionEmitter.ts";
import { emitHostLoop, handOver } from "./loops.ts";
import { type EquationEmitters, longestFunction, ModuleEmitter } from "./ModuleEmitter.ts";
import { rowsToCall } from "./rows.ts";
import type { Slot } from "./Slot.ts";
import { emitStretches } from "./stretches.ts";
import { framePointer, isArray, isContiguous, memoryAt, type MemoryPlace } from "./Place.ts";

/** A program as WebAssembly, and what its caller has to know of the frame. */
export interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly frameBytes: number;
  /** The largest array, for an error where there is no memory: `mul, float64[100000,100000]`. Empty where that is most unlikely. */
  readonly largest: string;
  /** What has to be in the frame before every call. */
  readonly initial: readonly { readonly offset: number; readonly data: ArrayBufferView }[];
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
  readonly hosts: readonly HostCallbackParams[];
  /** Of the hosts, those that want to know of runs. */
  readonly scopes: readonly NonNullable<HostCallbackParams["scope"]>[];
  /** What failed, by the number at the start of the frame, from 1 on. */
  readonly messages: ModuleEmitter["messages"];
  /** What the loop that the host runs carries; `null` without such a loop. */
  readonly carry: readonly Slot[] | null;
}

/** So much memory is had nearly everywhere. */
const likelyBytes = 2 ** 26;

/** The largest array that an equation of a program makes, or that is put into it. */
function largestIn(program: Program): string {
  const made = allEquations(program).flatMap(({ primitive, outputs }) =>
    outputs.map((type) => ({ name: primitive, type })),
  );
  const all = [...program.inputs.map((type) => ({ name: "an argument", type })), ...made];
  const bytes = all.map(({ type: { dtype, shape } }) => sizeOf(shape) * bytesOf(dtype));
  const { name, type } = all[bytes.indexOf(bytes.reduce((a, b) => Math.max(a, b), 0))]!;
  return `${name}, ${showType({ ...type, buffer: false })}`;
}

/**
 * Emits a lowered program. The module exports `main(frame)`; or, if one of its loops is run by the host, `main`,
 * `burst(frame, turns) => goOn` and `rest(frame)`, to be called in this order.
 *
 * @param lowering - That of this program, which knows what it has lowered to a function.
 * @param mostOperations - Of one function, about.
 * @param watched - What writes equations, from what does so: to see what is written.
 */
export function emitProgram(
  program: Program,
  lowering: Lowering,
  mostOperations: number = longestFunction,
  watched: (emitters: EquationEmitters) => EquationEmitters = (emitters) => emitters,
): Emitted {
  const all = allEquations(program);
  const hosts = new Set<HostCallbackParams>();
  for (let i = 0; i < all.length; i++)
    if (all[i]!.primitive === "hostCallback") hosts.add(all[i]!.params as HostCallbackParams);
  const emitters = { cluster: emitCluster, equation: emitEquation, stretches: emitStretches };
  const called = rowsToCall(program, all, mostOperations);
  const options = { lowering, called, mostOperations };
  const module = new ModuleEmitter([...hosts], watched(emitters), options);
  const { frame } = module;
  const newSlot = (type: Type): MemoryPlace =>
    memoryAt(type, framePointer, frame.reserve(sizeOf(type.shape) * bytesOf(type.dtype)));
  const inputs = program.inputs.map(newSlot);
  const block = new BlockEmitter(module, new FunctionEmitter([i32]), program, inputs, false);

  let main = module.declare();
  let exportName = "main";
  let carry: MemoryPlace[] | null = null;
  block.hostLoop = (equation): void => {
    carry = emitHostLoop(block, equation);
    // The rest is another function: what it reads of locals has to be in the frame.
    const rest = new FunctionEmitter([i32]);
    for (const [id, place] of block.places.entries()) {
      if (place !== undefined && block.isNeededLater(id))
        block.places[id] = handOver(block, rest, place, false);
    }
    module.define(main, block.f, [], exportName);
    main = module.declare();
    exportName = "rest";
    block.f = rest;
  };
  let outputs: MemoryPlace[] = [];
  block.run(() => {
    outputs = program.outputs.map((output) => {
      const place = output.shape.length > 0 ? block.place(output) : null;
      // Nothing runs any more, so an array without gaps can be read where it is.
      if (place !== null && isArray(place) && place.base === framePointer && isContiguous(place))
        return place;
      const slot = newSlot(output);
      if (place !== null) emitCopy(block, place, slot);
      else block.f.store(slot, () => block.push(output));
      return slot;
    });
  });
  module.define(main, block.f, [], exportName);
  return {
    bytes: module.build(),
    frameBytes: frame.size,
    largest: frame.size < likelyBytes ? "" : largestIn(program),
    initial: frame.initial,
    inputs,
    outputs,
    hosts: module.hosts,
    scopes: module.hosts.flatMap(({ scope }) => scope ?? []),
    messages: module.messages,
    carry,
  };
}
