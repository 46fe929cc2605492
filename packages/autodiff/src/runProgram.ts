import { CompiledProgram } from "@diffrax-ts/compiler";
import {
  apply,
  asTensor,
  cacheBudget,
  type Fma,
  isTraced,
  type Kept,
  type ParamsOf,
  type Program,
  roomFor,
  tensorOf,
  traceContext,
  traceProgram,
} from "@diffrax-ts/program";
import { isTensor, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { typeOf } from "./zeros.ts";

let compiled: WeakMap<Program, CompiledEntry> | undefined;

/** Code that is kept as long as the program is, and as there is room for it. */
class CompiledEntry implements Kept {
  readonly program: Program;
  readonly compiled: CompiledProgram;
  readonly bytes: number;
  used: number;

  constructor(program: Program, fma: Fma | undefined) {
    this.program = program;
    this.compiled = new CompiledProgram(program, undefined, fma);
    this.bytes = this.compiled.bytes;
    this.used = cacheBudget().now();
  }

  drop(): void {
    compiled?.delete(this.program);
  }
}

/** The compiled form of a program; made once, so that a program always is given the same `fma`. */
export function compile(program: Program, fma?: Fma): CompiledProgram {
  compiled ??= new WeakMap();
  let entry = compiled.get(program);
  if (entry === undefined) {
    entry = new CompiledEntry(program, fma);
    compiled.set(program, entry);
    cacheBudget().add(entry);
  }
  entry.used = cacheBudget().now();
  return entry.compiled;
}

/** How a program is called within another. */
export interface CallOptions {
  readonly name: string;
  /** Whether it becomes part of the code that calls it. @defaultValue true */
  readonly inline?: boolean;
  /** What is asked of all code that it becomes part of. */
  readonly fma?: Fma | undefined;
}

/** Whether a call is no part of a trace: it can be run at once. */
export function isOutermost(captured: readonly Tensor[], leaves: readonly Leaf[]): boolean {
  return traceContext().current === null || (captured.length === 0 && !leaves.some(isTracedLeaf));
}

/** Runs a program: recorded as a call if a value is traced, else compiled. */
export function runProgram(
  program: Program,
  captured: readonly Tensor[],
  leaves: readonly Leaf[],
  { name, inline = true, fma }: CallOptions,
): readonly Tensor[] {
  if (isOutermost(captured, leaves))
    return roomFor(name, () => compile(program, fma).call(leaves)).map(tensorOf);
  const inputs = [...captured, ...leaves.map((leaf) => asTensor(leaf, name))];
  return apply("call", inputs, { program, name, inline, ...(fma && { fma }) });
}

/** Control flow as one equation; outside of traced functions it is compiled and run. */
export function runControl<P extends "cond" | "loop">(
  primitive: P,
  inputs: readonly Tensor[],
  params: ParamsOf<P>,
): readonly Tensor[] {
  if (traceContext().current !== null || inputs.some(isTraced)) {
    return apply(primitive, inputs, params);
  }
  const { program } = traceProgram(inputs.map(typeOf), (...x) => apply(primitive, x, params));
  return runProgram(program, [], inputs, { name: primitive });
}

function isTracedLeaf(leaf: Leaf): boolean {
  return isTensor(leaf) && isTraced(leaf);
}
