/**
 * Tensors, primitives and Programs: what a traced function becomes.
 *
 * @packageDocumentation
 */
export { alignCaptured, type Closed } from "./alignCaptured.ts";
export { type ArrayValue, contiguous } from "./ArrayValue.ts";
export type { EvaluateRules } from "./evaluate/EvaluateRule.ts";
export { evaluatePrimitive, evaluateProgram } from "./evaluate/evaluatePrimitive.ts";
export { integerPower } from "./evaluate/integerPower.ts";
export { elementaryFunctions, type ElementaryFunctions } from "./elementary/index.ts";
export type { ExactOps } from "./elementary/exact.ts";
export * from "./operations.ts";
export type {
  BinaryPrimitive,
  ComparePrimitive,
  DerivedJvp,
  DerivedPair,
  DerivedParams,
  DerivedTranspose,
  DotParams,
  ElementaryPrimitive,
  HostCallbackParams,
  HostFunction,
  HostMemory,
  LoopParams,
  NoParams,
  ParamsOf,
  Primitive,
  PrimitiveParams,
  ReducePrimitive,
  UnaryPrimitive,
} from "./primitives.ts";
export { asOperand, leafTensor, leafType } from "./leaves.ts";
export { isElementwise } from "./isElementwise.ts";
export { printProgram } from "./printProgram.ts";
export { type Atom, type Equation, isEquation, type Program } from "./Program.ts";
export { dotAxes } from "./shapes/structural.ts";
export { allPrimitives, shapePrimitive } from "./shapes/shapePrimitive.ts";
export { isConcrete, isScalarConstant } from "./simplify.ts";
export { broadcastShapes } from "./broadcastShapes.ts";
export {
  apply,
  broadcastTo,
  broadcastTogether,
  ConcreteTensor,
  constantOf,
  isTraced,
  numberAs,
  scalarTensor,
  tensorOf,
  valueOf,
  Variable,
} from "./tensors.ts";
export { type Recorder, traceContext, type TraceContext } from "./traceContext.ts";
export { spliceProgram } from "./spliceProgram.ts";
export { hasEffect, Trace, withTrace } from "./Trace.ts";
export { traceProgram } from "./traceProgram.ts";
export {
  allocate,
  arrayType,
  bytesOf,
  isFloat,
  rowMajor,
  sameList,
  sameType,
  showType,
  sizeOf,
  type Type,
} from "./Type.ts";
