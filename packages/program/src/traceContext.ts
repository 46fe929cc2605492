import type { Tensor } from "@diffrax-ts/pytree";
import type { Primitive } from "./primitives.ts";

const contextKey: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/trace");

/** What records the operations of a function while it runs. Copies of the library meet at this interface. */
export interface Recorder {
  /** Whether the function has returned. */
  readonly closed: boolean;
  record(primitive: Primitive, inputs: readonly Tensor[], params: object): Tensor[];
}

/** The trace in progress, if any. One for all installed copies of the library. */
export interface TraceContext {
  current: Recorder | null;
}

/** The trace in progress, shared by all copies of the library through the global object. */
export function traceContext(): TraceContext {
  const holder = globalThis as { [contextKey]?: TraceContext };
  return (holder[contextKey] ??= { current: null });
}
