import type { Equation, Fma, HostCallbackParams, Program } from "@diffrax-ts/program";
import type { Lowering } from "../lower/lowerProgram.ts";
import { buildModule, type WasmFunction } from "../wasm/buildModule.ts";
import type { ValueType } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { Frame } from "./Frame.ts";
import type { HoistedPanels } from "./HoistedPanels.ts";
import type { BlockPlan } from "./planBlock.ts";
import type { FunctionEmitter } from "./FunctionEmitter.ts";
import { type Sizes, weightOfProgram, type Weights } from "./weight.ts";

/**
 * How equations are written that are more than an operation on scalars. Blocks are handed these, because some of them
 * write blocks themselves, and no module has to import itself.
 */
export interface EquationEmitters {
  /** Element-by-element equations over one shape, as one loop. */
  readonly cluster: (block: BlockEmitter, equations: readonly Equation[]) => void;
  readonly equation: (block: BlockEmitter, equation: Equation) => void;
  /** All of a block that is too long for one function; `end` may then read the outputs. */
  readonly stretches: (block: BlockEmitter, end: () => void) => void;
}

/**
 * Code of more operations on scalars than this is several functions: V8 optimises one after the other, and takes minutes for one of a
 * hundred thousand, which a process that wants to end has to wait for.
 */
export const longestFunction = 16_000;

/** What is asked of sums with products in them, and how these are written; `null` for as always. */
export interface ModuleFma extends Fma {
  /** Puts the result of an operation in lanes on the stack if it is one of those. */
  readonly emit: ((block: BlockEmitter, equation: Equation) => boolean) | null;
}

/** What a module is made of, beside its program. */
export interface ModuleOptions {
  /** That of the program, which knows what it has lowered to a function. */
  readonly lowering: Lowering;
  /** Elementary functions of arrays that are called. */
  readonly called: ReadonlySet<Equation>;
  /** Of one function, about. */
  readonly mostOperations: number;
}

/** What the functions of one module have in common. */
export class ModuleEmitter implements Sizes {
  readonly frame: Frame = new Frame();
  readonly emitters: EquationEmitters;
  /** Host callbacks, in the order of their imports: their indices come before all others. */
  readonly hosts: readonly HostCallbackParams[];
  /** What failed, by the number that the code leaves at the start of the frame. */
  readonly messages: (string | readonly string[])[] = [];
  /** The calls of functions: one for each program that is called. */
  readonly functions: Map<Program, number> = new Map();
  readonly mostOperations: number;
  readonly weights: Weights = new Map();
  /** The plans of programs that are written in several places, as those within elementary functions are. */
  readonly plans: Map<Program, BlockPlan> = new Map();
  readonly lowering: Lowering;
  readonly called: ReadonlySet<Equation>;
  readonly fused: ModuleFma["emit"] | undefined;
  /** The functions of arrays, by what defines them and the dtypes that they are given. */
  readonly rows: Map<unknown, Map<string, number>> = new Map();
  /** Writes an equation in lanes that loops for several elements at once have and others do not; gives whether it is one. */
  inLanes: ((block: BlockEmitter, equation: Equation) => boolean) | null = null;
  /** Copies of matrices in panels that can be read where code is being written. */
  readonly hoisted: HoistedPanels[] = [];
  readonly #defined: WasmFunction[] = [];
  #declared = 0;

  constructor(
    hosts: readonly HostCallbackParams[],
    emitters: EquationEmitters,
    { lowering, called, mostOperations }: ModuleOptions,
  ) {
    this.hosts = hosts;
    this.emitters = emitters;
    this.lowering = lowering;
    this.called = called;
    // Programs know no emitters; what they ask for was made by `fused.ts`.
    this.fused = (lowering.fma as ModuleFma | undefined)?.emit;
    this.mostOperations = mostOperations;
  }

  /** Whether a program that is run as a block is cut into several functions. */
  isLong(program: Program): boolean {
    return weightOfProgram(program, this) > this.mostOperations;
  }

  /** The index of a function that will be defined. */
  declare(): number {
    return this.hosts.length + this.#declared++;
  }

  define(
    index: number,
    { params, locals, code }: FunctionEmitter,
    results: readonly ValueType[],
    exportName: string | null,
  ): void {
    this.#defined[index - this.hosts.length] = { params, locals, code, results, exportName };
  }

  // Older compilers of TypeScript know no Uint8Array<ArrayBuffer>, and read this declaration.
  build(): ReturnType<Uint8Array["slice"]> {
    return buildModule(this.hosts.length, this.#defined);
  }
}
