import type { Tensor } from "@diffrax-ts/pytree";
import type { Equation } from "./Program.ts";

const contextKey: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/trace");

/** What records the operations of a function while it runs. Copies of the library meet at this interface. */
export interface Recorder {
  /** Whether the function has returned. */
  readonly closed: boolean;
  /** @param primitive - The name of one that both copies know. */
  record(primitive: string, inputs: readonly Tensor[], params: object): Tensor[];
  /** Records an equation of a program with other operands: those of the same types, of which one is traced at least. */
  repeat?(equation: Equation, operands: readonly Tensor[]): readonly Tensor[];
  /** Notes that a truth value of it may go unused: it is no condition that somebody has forgotten. */
  spared?(x: Tensor): void;
  /** Notes that a value of it was asked for, which has to be used then; `advice` is what an error says otherwise. */
  asked?(x: Tensor, advice: string): void;
}

/** The trace in progress, if any. One for all installed copies of the library. */
export interface TraceContext {
  current: Recorder | null;
  /** If derivatives go through functions that are called back, by differences: whether one has done so. @defaultValue they do not */
  differences?: { used: boolean } | undefined;
}

// To look a symbol up in the global object takes longer than to run a small program.
let context: TraceContext | undefined;

/** The trace in progress, shared by all copies of the library through the global object. */
export function traceContext(): TraceContext {
  const holder = globalThis as { [contextKey]?: TraceContext };
  return (context ??= holder[contextKey] ??= { current: null });
}
