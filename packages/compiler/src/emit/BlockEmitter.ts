import {
  type Atom,
  bytesOf,
  type Equation,
  isConcrete,
  isEquation,
  type Program,
  rowMajor,
  sizeOf,
  type Variable,
} from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import { op } from "../wasm/opcodes.ts";
import { type FunctionEmitter, valueType } from "./FunctionEmitter.ts";
import type { ModuleEmitter } from "./ModuleEmitter.ts";
import type { Holding, MemoryPlace, Place, ScalarPlace } from "./Place.ts";
import { type BlockPlan, isScalarOperation, planBlock } from "./planBlock.ts";
import { emitScalarOp } from "./scalarOps.ts";

/** The local that holds the address of the frame, in every function. */
export const framePointer = 0;

/** Emits the equations of one lowered program into a function. */
export class BlockEmitter {
  readonly module: ModuleEmitter;
  readonly program: Program;
  readonly plan: BlockPlan;
  /** By variable id. */
  readonly places: (Place | undefined)[];
  /** Whether this block runs again and again within its function. */
  readonly inLoop: boolean;
  f: FunctionEmitter;
  /** What to do with a loop that the host runs. */
  hostLoop: ((equation: Equation<"loop">) => void) | null = null;
  #item = 0;
  /** Offsets in the frame of scalars that this block owns. */
  readonly #spilled = new Set<number>();

  constructor(
    module: ModuleEmitter,
    f: FunctionEmitter,
    program: Program,
    inputs: readonly Place[],
    inLoop: boolean,
  ) {
    this.module = module;
    this.f = f;
    this.program = program;
    this.inLoop = inLoop;
    this.plan = planBlock(program);
    this.places = Array.from({ length: program.numVariables });
    for (const [i, { id }] of program.inputs.entries()) this.places[id] = inputs[i]!;
  }

  /** Emits everything; `end` may then read the outputs, before all that the block holds is given back. */
  run(end: () => void): void {
    const { items, deaths } = this.plan;
    for (const [i, { equations, isCluster }] of items.entries()) {
      this.#item = i;
      if (isCluster) this.module.emitters.cluster(this, equations);
      else this.#equation(equations[0]!);
      for (const variable of deaths[i]!) this.#forget(variable);
    }
    this.#item = items.length;
    end();
    for (const { outputs } of this.program.equations) {
      for (const output of outputs)
        if (this.plan.lastUse[output.id] === items.length) this.#forget(output);
    }
  }

  /** Whether nothing reads a variable after the item that is being emitted. */
  diesHere({ id }: Variable): boolean {
    return this.plan.definitions[id] !== undefined && this.plan.lastUse[id] === this.#item;
  }

  /** Whether something reads the variable with this id after the item that is being emitted. */
  isNeededLater(id: number): boolean {
    return this.plan.lastUse[id]! > this.#item;
  }

  /** Where a value is. An array constant is put into memory. */
  place(atom: Atom): Place {
    if (!isConcrete(atom)) {
      const place = this.places[atom.id];
      if (place === undefined) throw new Error(`variable ${atom.id} has no place`);
      return place;
    }
    const { dtype, shape } = atom;
    if (shape.length === 0) return { at: "constant", constant: atom, dtype };
    const { offset } = this.module.frame.array(atom.contiguousData());
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

  /** Puts a scalar on the stack. */
  push(atom: Atom): void {
    if (!isConcrete(atom) && this.plan.isInline[atom.id]) {
      return this.#scalarOperation(this.plan.definitions[atom.id]!);
    }
    pushScalar(this.module, this.f, this.place(atom) as ScalarPlace);
  }

  /** Puts a scalar that is at a place on the stack. */
  pushPlace(place: ScalarPlace): void {
    pushScalar(this.module, this.f, place);
  }

  /** Emits a program as a block inside this one. */
  inner(
    program: Program,
    inputs: readonly Place[],
    end: (inside: BlockEmitter) => void,
    inLoop: boolean = this.inLoop,
  ): void {
    const inside = new BlockEmitter(this.module, this.f, program, inputs, inLoop);
    inside.run(() => end(inside));
  }

  /** A new local for a variable, set from the stack; a place in the frame if there are many locals already. */
  setLocal(variable: Variable): void {
    const place = this.newScalar(variable.dtype);
    this.setScalar(place);
    this.places[variable.id] = place;
  }

  /** A place for a scalar of this block. */
  newScalar(dtype: DType): ScalarPlace {
    if (this.f.hasRoom()) return { at: "local", local: this.f.newLocal(valueType(dtype)), dtype };
    const offset = this.module.frame.scalar();
    this.#spilled.add(offset);
    return { at: "frame", offset, dtype };
  }

  /** Sets a scalar from the stack. */
  setScalar(place: ScalarPlace): void {
    const { f } = this;
    if (place.at === "local") f.set(place.local);
    else if (place.at === "frame") {
      const local = f.newLocal(valueType(place.dtype));
      f.set(local);
      storeLocal(f, local, place);
      f.freeLocal(local);
    }
  }

  /** New memory for a variable, without gaps. */
  allocate(variable: Variable): MemoryPlace {
    const place = this.scratch(variable.dtype, variable.shape);
    this.own(variable, place);
    return place;
  }

  /** New memory, without gaps. It is kept until `own` and the death of the variable, or until `release`. */
  scratch(dtype: DType, shape: readonly number[]): MemoryPlace {
    const storage = this.module.frame.allocate(sizeOf(shape) * bytesOf(dtype));
    const holding = { count: 0, storage, local: null, parent: null };
    return {
      at: "memory",
      base: framePointer,
      offset: storage.offset,
      shape,
      stride: rowMajor(shape),
      dtype,
      holding,
    };
  }

  /** Gives back memory that no variable owns. */
  release({ holding }: MemoryPlace): void {
    if (holding !== null && holding.count === 0) this.#giveBack(holding);
  }

  /** Makes a place that of a variable, and keeps its memory while the variable is needed. */
  own(variable: Variable, place: Place): void {
    this.places[variable.id] = place;
    if (place.at === "memory" && place.holding !== null) place.holding.count++;
  }

  #forget({ id }: Variable): void {
    const place = this.places[id];
    if (place === undefined || this.plan.isInline[id]) return;
    this.places[id] = undefined;
    if (place.at === "local") this.f.freeLocal(place.local);
    if (place.at === "frame" && this.#spilled.delete(place.offset))
      this.module.frame.releaseScalar(place.offset);
    if (place.at === "splat" && place.scalar.at === "local") this.f.freeLocal(place.scalar.local);
    if (place.at === "memory" && place.holding !== null) this.#drop(place.holding);
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
    const { emitters } = this.module;
    const [output] = equation.outputs;
    if (output !== undefined && this.plan.isInline[output.id]) return;
    if (isEquation(equation, "loop")) {
      return equation.params.host && this.hostLoop !== null
        ? this.hostLoop(equation)
        : emitters.loop(this, equation);
    }
    if (isEquation(equation, "cond")) return emitters.cond(this, equation);
    if (isEquation(equation, "call")) return emitters.call(this, equation);
    if (isEquation(equation, "hostCallback")) return emitters.hostCallback(this, equation);
    if (isEquation(equation, "assert")) return this.#assert(equation);
    if (isScalarOperation(equation)) {
      this.#scalarOperation(equation);
      this.#freeOperands(equation);
      return this.setLocal(output!);
    }
    emitters.array(this, equation);
  }

  /** Operands that die here may give their locals to the result. */
  #freeOperands({ inputs }: Equation): void {
    for (const input of inputs) {
      if (isConcrete(input)) continue;
      if (this.plan.isInline[input.id]) this.#freeOperands(this.plan.definitions[input.id]!);
      else if (this.diesHere(input)) this.#forget(input);
    }
  }

  #scalarOperation({ primitive, params, inputs }: Equation): void {
    emitScalarOp(
      this.f,
      primitive,
      params,
      inputs.map(({ dtype }) => dtype),
      (i) => this.push(inputs[i]!),
    );
  }

  /** Leaves the number of the first assertion that failed at the start of the frame. */
  #assert({ inputs, params }: Equation<"assert">): void {
    const { f } = this;
    const number = this.module.message(params.message);
    this.push(inputs[0]!);
    f.op(op.i32_eqz);
    f.block(op.if, () => {
      f.get(framePointer);
      f.memory(op.i32_load, 0);
      f.op(op.i32_eqz);
      f.block(op.if, () => {
        f.get(framePointer);
        f.i32(number);
        f.memory(op.i32_store, 0);
      });
    });
  }
}

/** Stores a local into the frame. */
export function storeLocal(
  f: FunctionEmitter,
  local: number,
  { dtype, offset }: ScalarPlace & { at: "frame" },
): void {
  f.get(framePointer);
  f.get(local);
  f.store(dtype, offset);
}

/** Puts a scalar on the stack. */
export function pushScalar(module: ModuleEmitter, f: FunctionEmitter, place: ScalarPlace): void {
  switch (place.at) {
    case "local":
      return f.get(place.local);
    case "frame":
      f.get(framePointer);
      return f.load(place.dtype, place.offset);
    case "constant":
      return pushConstant(module, f, place);
  }
}

/** Float constants are loaded from the pool: V8 would build a literal anew at every turn of a loop. */
function pushConstant(
  { frame }: ModuleEmitter,
  f: FunctionEmitter,
  { constant, dtype }: ScalarPlace & { at: "constant" },
): void {
  const x = constant.scalar;
  switch (dtype) {
    case "float64":
      f.get(framePointer);
      return f.memory(op.f64_load, frame.float(Number(x)));
    case "float32":
      f.get(framePointer);
      return f.memory(op.f32_load, frame.float32(Number(x)));
    case "int64":
      f.op(op.i64_const);
      return f.code.i64(BigInt(x));
    case "int32":
    case "uint32":
    case "bool":
      return f.i32(Number(x));
  }
}
