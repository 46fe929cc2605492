import type { Equation } from "@diffrax-ts/program";
import type { BlockEmitter } from "./BlockEmitter.ts";

/**
 * How equations are written. A block is handed these, because some of them write blocks themselves, and no module
 * has to import itself.
 */
export interface EquationEmitters {
  /** Element-by-element equations over one shape, as one loop. */
  readonly cluster: (block: BlockEmitter, equations: readonly Equation[]) => void;
  readonly array: (block: BlockEmitter, equation: Equation) => void;
  readonly loop: (block: BlockEmitter, equation: Equation<"loop">) => void;
  readonly cond: (block: BlockEmitter, equation: Equation<"cond">) => void;
  readonly call: (block: BlockEmitter, equation: Equation<"call">) => void;
  readonly hostCallback: (block: BlockEmitter, equation: Equation<"hostCallback">) => void;
}
