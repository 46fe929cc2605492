import {
  type Atom,
  bytesOf,
  type Equation,
  isEquation,
  isFloat,
  type Program,
  sizeOf,
  type Type,
  valueOf,
  type Named,
} from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import * as op from "../wasm/opcodes.ts";
import { v128, type ValueType } from "../wasm/valueTypes.ts";
import { type Address, type FunctionEmitter, type Lanes, valueTypes } from "./FunctionEmitter.ts";
import type { Store } from "./findStores.ts";
import type { ModuleEmitter } from "./ModuleEmitter.ts";
import {
  along,
  constantAt,
  framePointer,
  type Holding,
  localAt,
  memoryAt,
  type MemoryPlace,
  type Place,
  viewAt,
} from "./Place.ts";
import { type BlockPlan, isCluster, planBlock } from "./planBlock.ts";
import { emitOperation } from "./scalarOps.ts";

/** So many vectors of constants are kept in locals: as many as an expression of a polynomial holds. */
const mostRecent = 4;

/** Memory in which a loop carries an array from turn to turn. */
export interface Slot {
  readonly place: MemoryPlace;
  /** The id of the variable that stands there as a turn begins. */
  readonly input: number;
}

/** Emits the equations of one lowered program into a function. */
export class BlockEmitter {
  readonly module: ModuleEmitter;
  readonly program: Program;
  readonly plan: BlockPlan;
  /** By variable id. */
  readonly places: (Place | undefined)[];
  /** Whether this block runs again and again within its function. */
  readonly inLoop: boolean;
  /** For how many elements at once it computes. In lanes there are only locals of so many values each. */
  readonly lanes: Lanes;
  f: FunctionEmitter;
  /** By variable id: where a loop carries what the variable is, and which of its inputs stands there before. */
  carriedTo: ReadonlyMap<number, Slot> = new Map();
  /** What to do with a loop that the host runs. */
  hostLoop: ((equation: Equation<"loop">) => void) | null = null;
  #item = 0;
  readonly #packed = new Map<Equation, MemoryPlace>();
  /** The constants in lanes that were loaded last, and the locals in which they are. */
  readonly #recent: { readonly offset: number; readonly local: number }[] = [];

  constructor(
    module: ModuleEmitter,
    f: FunctionEmitter,
    program: Program,
    inputs: readonly Place[],
    inLoop: boolean,
    lanes: Lanes = 1,
  ) {
    this.module = module;
    this.f = f;
    this.program = program;
    this.inLoop = inLoop;
    this.lanes = lanes;
    let plan = module.plans.get(program);
    if (plan === undefined) module.plans.set(program, (plan = planBlock(program, module)));
    this.plan = plan;
    this.places = new Array<Place | undefined>(program.numVariables);
    for (let i = 0; i < inputs.length; i++) this.places[program.inputs[i]!.id] = inputs[i]!;
  }

  /** Emits everything; `end` may then read the outputs, before all that the block holds is given back. */
  run(end: () => void): void {
    const { items, lastUse, stretches } = this.plan;
    if (stretches.length > 1 && this.lanes === 1) this.module.emitters.stretches(this, end);
    else {
      this.items(0, items.length);
      end();
    }
    for (const { local } of this.#recent) this.f.freeLocal(local);
    const { equations } = this.program;
    for (let i = 0; i < equations.length; i++) {
      const { outputs } = equations[i]!;
      for (let j = 0; j < outputs.length; j++)
        if (lastUse[outputs[j]!.id] === items.length) this.#forget(outputs[j]!);
    }
  }

  /** Emits the items from `start` on, up to `end`. */
  items(start: number, end: number): void {
    const { items, deaths, hasClusters } = this.plan;
    for (let i = start; i < end; i++) {
      const item = items[i]!;
      this.#item = i;
      if (hasClusters && isCluster(item)) this.module.emitters.cluster(this, item);
      else this.#equation(item as Equation);
      const dead = deaths[i];
      if (dead !== undefined) for (let j = 0; j < dead.length; j++) this.#forget(dead[j]!);
    }
    this.#item = end;
  }

  /** Whether nothing reads a variable after the item that is being emitted. */
  diesHere({ id }: Named): boolean {
    return this.plan.definitions[id] !== undefined && this.plan.lastUse[id] === this.#item;
  }

  /** Where a loop carries what a variable is, if nothing reads what stands there any more, at the latest the item that is being emitted; or `null`. */
  slotFor({ id }: Named): MemoryPlace | null {
    const slot = this.carriedTo.get(id);
    if (slot === undefined || this.plan.lastUse[slot.input]! > this.#item) return null;
    return slot.place.holding?.count === 1 ? slot.place : null; // no view of it
  }

  /** Whether something reads the variable with this id after the item that is being emitted. */
  isNeededLater(id: number): boolean {
    return this.plan.lastUse[id]! > this.#item;
  }

  /** Where a value is. An array constant is put into memory. */
  place(atom: Atom): Place {
    if (atom.trace === undefined) {
      if (atom.shape.length === 0) return constantAt(atom);
      return memoryAt(atom, framePointer, this.module.frame.array(valueOf(atom).data));
    }
    const place = this.places[atom.id];
    if (place === undefined) throw new Error(`variable ${atom.id} has no place`);
    return place;
  }

  /** Puts a scalar on the stack. */
  push(atom: Atom): void {
    if (atom.trace === undefined) {
      if (atom.shape.length === 0) this.pushNumber(atom.dtype, atom.scalar);
      else this.pushPlace(this.place(atom));
    } else if (this.plan.inlineDepth[atom.id]! > 0)
      emitOperation(this, this.plan.definitions[atom.id]!);
    else this.pushPlace(this.place(atom));
  }

  /** Puts the scalar at a place on the stack. */
  pushPlace(place: Place): void {
    if (place.at === "local") this.f.get(place.local);
    else if (place.at === "memory") this.f.load(place);
    else this.pushNumber(place.dtype, place.constant.scalar);
  }

  /** Puts a constant on the stack. Floats are in memory: V8 would build a literal anew at every turn of a loop. */
  pushNumber(dtype: DType, x: number | bigint, lanes: Lanes = this.lanes): void {
    if (lanes === 1 && !isFloat(dtype)) return this.f.integer(dtype, x);
    const { frame } = this.module;
    if (lanes === 1) this.f.load({ base: framePointer, offset: frame.number(dtype, x), dtype });
    else if (this.lanes === 1) this.f.loadVector(framePointer, frame.vector(dtype, x));
    else this.#pushVector(frame.vector(dtype, x));
  }

  /**
   * Puts a constant vector on the stack. V8 takes no operand from memory, and loads again what it has loaded; copies that are
   * computed in turn (`interleaved`) read the same constants, so the last few stay in locals. A block in lanes has no branches.
   */
  #pushVector(offset: number): void {
    const at = this.#recent.findIndex((vector) => vector.offset === offset);
    if (at >= 0) {
      const [vector] = this.#recent.splice(at, 1);
      this.#recent.push(vector!);
      return this.f.get(vector!.local);
    }
    const isFull = this.#recent.length >= mostRecent;
    const local = isFull ? this.#recent.shift()!.local : this.f.newLocal(v128);
    this.f.loadVector(framePointer, offset);
    this.f.op(op.local_tee, local);
    this.#recent.push({ offset, local });
  }

  /** The type of locals of this block. */
  typeOf(dtype: DType): ValueType {
    return this.lanes === 1 ? valueTypes[dtype] : v128;
  }

  /** Emits a program as a block inside this one. */
  inner(
    program: Program,
    inputs: readonly Place[],
    end: (inside: BlockEmitter) => void,
    inLoop: boolean = this.inLoop,
    lanes: Lanes = 1,
    carriedTo: ReadonlyMap<number, Slot> = new Map(),
  ): void {
    const inside = new BlockEmitter(this.module, this.f, program, inputs, inLoop, lanes);
    inside.carriedTo = carriedTo;
    inside.run(() => end(inside));
  }

  /** A place for a scalar: a local, unless there are many already. */
  newScalar(dtype: DType): Place {
    if (this.lanes === 1 && !this.f.hasRoom()) return this.scratch({ dtype, shape: [] });
    return localAt(this.f.newLocal(this.typeOf(dtype)), dtype);
  }

  /** Sets a scalar from the stack. */
  setScalar(place: Place): void {
    const { f } = this;
    if (place.at === "local") f.set(place.local);
    else if (place.at === "memory") {
      const local = f.keep(valueTypes[place.dtype]);
      f.store(place, () => f.get(local));
      f.freeLocal(local);
    }
  }

  /** A new scalar, set from the stack. */
  keepScalar(dtype: DType): Place {
    const place = this.newScalar(dtype);
    this.setScalar(place);
    return place;
  }

  /** A copy of a scalar, for a variable of its own. */
  copyScalar(place: Place): Place {
    if (place.at === "constant") return place;
    this.pushPlace(place);
    return this.keepScalar(place.dtype);
  }

  /** Makes the result of an equation that of its output: a scalar is read at once. */
  give(variable: Named, place: Place): void {
    if (variable.shape.length > 0 || place.at !== "memory") this.own(variable, place);
    else {
      this.#makeScalar(variable, () => this.f.load(place));
      this.release(place);
      return;
    }
    this.#store(variable);
  }

  /** Makes a scalar, and writes it where it is to be; it has no other place if nothing else reads it. */
  #makeScalar(variable: Named, push: () => void): void {
    const store = this.plan.stores.get(variable.id);
    if (store?.places.length === 1 && this.plan.lastUse[variable.id]! < 0) {
      this.f.store(this.#elementOf(store, 0), push);
      return;
    }
    push();
    this.own(variable, this.keepScalar(variable.dtype));
    this.#store(variable);
  }

  /** Writes a scalar into the array that it is packed into, if it need not wait. */
  #store(variable: Named): void {
    const store = this.plan.stores.get(variable.id);
    if (store === undefined) return;
    for (const i of store.places.keys())
      this.f.store(this.#elementOf(store, i), () => this.push(variable));
  }

  #elementOf({ pack, places }: Store, i: number): Address {
    const { base, offset, dtype } = this.packed(pack);
    return { base, offset: offset + places[i]! * bytesOf(dtype), dtype };
  }

  /** The memory of an array that others are put into, some of which are there already. */
  packed(equation: Equation<"pack" | "concatenate">): MemoryPlace {
    let place = this.#packed.get(equation);
    if (place === undefined)
      this.#packed.set(equation, (place = this.scratch(equation.outputs[0]!)));
    return place;
  }

  /** Where an array is computed that is to be a part of another, or to have others beside it; or `null`. */
  joinedPlace({ id, dtype, shape }: Named): MemoryPlace | null {
    const { parts, margins } = this.plan.joins;
    const part = parts.get(id);
    if (part !== undefined) {
      const { whole, start } = part;
      const to = this.packed(whole);
      return viewAt(to, shape, to.stride, along(whole.params.axis, start));
    }
    const room = margins.get(id);
    if (room === undefined) return null;
    const { axis, high } = room;
    const low = Math.ceil(room.low / 4) * 4; // so that vectors begin at multiples of their size
    const all = this.scratch({ dtype, shape: shape.with(axis, low + shape[axis]! + high) });
    return viewAt(all, shape, all.stride, along(axis, low));
  }

  /** New memory, without gaps. It is kept until `own` and the death of the variable, or until `release`. */
  scratch(type: Pick<Type, "dtype" | "shape">): MemoryPlace {
    const storage = this.module.frame.allocate(sizeOf(type.shape) * bytesOf(type.dtype));
    const holding = { count: 0, storage, local: null, parent: null };
    return memoryAt(type, framePointer, storage.offset, holding);
  }

  /** Gives back memory that no variable owns. */
  release(place: Place): void {
    if (place.at === "memory" && place.holding?.count === 0) this.#giveBack(place.holding);
  }

  /** Makes a place that of a variable, and keeps its memory while the variable is needed. */
  own(variable: Named, place: Place): void {
    this.places[variable.id] = place;
    if (place.at === "memory" && place.holding !== null) place.holding.count++;
  }

  /** Makes another place that of a variable, with the same value in it. */
  move(variable: Named, place: Place): void {
    this.#forget(variable);
    this.own(variable, place);
  }

  #forget({ id }: Named): void {
    const place = this.places[id];
    this.places[id] = undefined;
    if (place?.at === "local") this.f.freeLocal(place.local);
    else if (place?.at === "memory" && place.holding !== null) this.#drop(place.holding);
  }

  #drop(holding: Holding): void {
    holding.count--;
    if (holding.count === 0) this.#giveBack(holding);
  }

  #giveBack({ storage, local, parent }: Holding): void {
    if (storage !== null) this.module.frame.release(storage);
    if (local !== null) this.f.freeLocal(local);
    if (parent !== null) this.#drop(parent);
  }

  #equation(equation: Equation): void {
    const output = equation.outputs[0];
    if (output !== undefined && this.plan.isScalar[output.id] === 1) {
      if (this.plan.inlineDepth[output.id]! > 0) return;
      this.#makeScalar(output, () => {
        emitOperation(this, equation);
        this.#freeOperands(equation);
      });
    } else if (this.hostLoop !== null && isEquation(equation, "loop") && equation.params.host)
      this.hostLoop(equation);
    else this.module.emitters.equation(this, equation);
  }

  /** Operands that die here may give their locals to the result. */
  #freeOperands({ inputs }: Equation): void {
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i]!;
      if (input.trace === undefined) continue;
      if (this.plan.inlineDepth[input.id]! > 0)
        this.#freeOperands(this.plan.definitions[input.id]!);
      else if (this.diesHere(input)) this.#forget(input);
    }
  }
}
