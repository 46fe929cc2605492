import type { Primitive } from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";

/** What a program becomes when it is compiled. `String(explanation)` is a text. */
export interface Explanation {
  readonly code: CodeSize;
  readonly memory: MemorySize;
  /** What runs, in this order. */
  readonly main: ExplainedBlock;
  /** What reverse mode remembers of loops, and computes again; empty where nothing is differentiated backwards through a loop. */
  readonly reverse: readonly ExplainedReverse[];
  toString(): string;
}

/** The code of a module. */
export interface CodeSize {
  readonly functions: number;
  /** Of WebAssembly. */
  readonly instructions: number;
  readonly bytes: number;
}

/** The bytes of the memory that a call owns while it runs. */
export interface MemorySize {
  readonly bytes: number;
  readonly inputs: number;
  /** Arrays and numbers from outside of the function. */
  readonly constants: number;
  /** Rows that loops write: what they stack or save, and what reverse mode remembers. */
  readonly buffers: number;
  /** Arrays between operations, whose memory is used again, and what loops carry. */
  readonly others: number;
}

/** An array, before there are numbers in it. */
export interface ExplainedArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** Equations that run one after the other: all of a program, a turn of a loop, a branch or a function. */
export interface ExplainedBlock {
  /** How many operations on scalars there are. They live in locals, as parts of expressions. */
  readonly scalars: number;
  /** How many changes of shape there are that copy nothing. */
  readonly views: number;
  readonly steps: readonly ExplainedStep[];
}

/** What a block does. */
export type ExplainedStep = FusedLoop | SingleOperation | InnerBlocks;

/** What a piece of code is. */
export interface ExplainedCode {
  /** Instructions of WebAssembly, as they stand. */
  readonly instructions: number;
  /** Whether several elements are computed at once. */
  readonly inLanes: boolean;
}

/** Operations element by element that are one loop over memory. */
export interface FusedLoop extends ExplainedCode {
  readonly kind: "fused";
  readonly shape: readonly number[];
  readonly primitives: readonly Primitive[];
  /** What it writes to memory, and who reads that. What is not among them stays in registers. */
  readonly writes: readonly (ExplainedArray & { readonly for: readonly string[] })[];
}

/** An operation on arrays by itself, and why it is no part of a fused loop. */
export interface SingleOperation extends ExplainedCode, ExplainedArray {
  readonly kind: "single";
  readonly primitive: Primitive;
  /** The shapes of what it reads. */
  readonly operands: readonly ExplainedArray[];
  readonly because: string;
}

/** A loop, the branches of a condition, or a function that is called. */
export interface InnerBlocks {
  readonly kind: "loop" | "branches" | "call";
  /** Of a loop: no more turns than this; `null` if not known, and of all others. */
  readonly mostTurns: number | null;
  readonly blocks: readonly ExplainedBlock[];
}

/** What reverse mode does with a loop. */
export interface ExplainedReverse {
  /** No more turns than this; `null` if not known. */
  readonly mostTurns: number | null;
  /** The bytes of all that is remembered. */
  readonly bytes: number;
  readonly remembered: readonly Remembered[];
  /** What is computed again for each turn on the way back, of arrays and of numbers. */
  readonly recomputed: readonly Recomputed[];
}

/** A value that is remembered of some turns. */
export interface Remembered extends ExplainedArray {
  /** What computed it in a turn; `null` of what is carried from turn to turn. */
  readonly madeBy: Primitive | null;
  /** Of how many turns. The other turns are done again. */
  readonly turns: number;
}

/** Operations that are done again. */
export interface Recomputed extends ExplainedArray {
  /** Of a primitive, or of a derivative that is one operation. */
  readonly name: string;
  readonly count: number;
}
