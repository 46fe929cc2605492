/**
 * Tensors, primitives and Programs: what a traced function becomes.
 *
 * @packageDocumentation
 */
export { alignCaptured, type Closed } from "./alignCaptured.ts";
export { type ArrayValue, contiguous, isDense, valueOf } from "./ArrayValue.ts";
export { evaluatePrimitive, evaluateTyped } from "./evaluate/evaluatePrimitive.ts";
export { evaluateProgram, failureOf } from "./evaluate/evaluateProgram.ts";
export { integerPower } from "./evaluate/integerPower.ts";
export type { AllOps, ExactOps, NarrowOps } from "./elementary/exact.ts";
export { logOfNormal as exactLogOfNormal } from "./elementary/log.ts";
export { polynomial as exactPolynomial } from "./elementary/polynomial.ts";
export {
  type TensorLike,
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  astype,
  atan,
  atan2,
  atanh,
  bitcast,
  bitwiseAnd,
  bitwiseNot,
  bitwiseOr,
  bitwiseXor,
  cbrt,
  ceil,
  copysign,
  cos,
  cosh,
  div,
  equal,
  erf,
  erfInv,
  erfc,
  exp,
  expm1,
  floor,
  greater,
  greaterEqual,
  integerPow,
  less,
  lessEqual,
  log,
  log10,
  log1p,
  log2,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  logistic,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  pow,
  reshape,
  round,
  shiftLeft,
  shiftRight,
  shiftRightLogical,
  sin,
  sinh,
  sqrt,
  stopGradient,
  sub,
  tan,
  tanh,
  trunc,
  truth,
  where,
} from "./operations.ts";
export type { Joined, Lowered, Raised, Ranked, RankOf } from "./ranks.ts";
export { rem } from "./rem.ts";
export { refuseMemory, roomFor } from "./roomFor.ts";
export { definitionFor } from "./primitives.ts";
export type {
  BinaryPrimitive,
  ComparePrimitive,
  ControlPrimitive,
  DerivedBatch,
  DerivedJvp,
  DerivedPair,
  DerivedParams,
  DerivedTranspose,
  DotParams,
  DualValues,
  Elementary,
  ElementaryParams,
  ElementaryPrimitive,
  ElementwisePrimitive,
  HostCallbackParams,
  HostFunction,
  HostMemory,
  CallParams,
  Fma,
  LoopParams,
  NoParams,
  ParamsOf,
  Primitive,
  PrimitiveParams,
  ReducePrimitive,
  RemParams,
  ReverseLoop,
  RunDual,
  StructuralPrimitive,
  UnaryPrimitive,
} from "./primitives.ts";
export { Budget, cacheBudget, type Kept } from "./Budget.ts";
export { KeptMap } from "./KeptMap.ts";
export { calleeIn, calleeOf, calleeTensor, enter, leave } from "./callees.ts";
export { hasType, leafType } from "./leaves.ts";
export { isCheap } from "./isCheap.ts";
export { isControl } from "./shapes/control.ts";
export { exactNumber, requireSafe } from "./exactNumber.ts";
export { isElementwise } from "./shapes/elementwise.ts";
export { programBytes } from "./programBytes.ts";
export { printProgram } from "./printProgram.ts";
export {
  type Atom,
  isConcrete,
  isScalarConstant,
  isVariable,
  type Known,
  type Named,
} from "./Atom.ts";
export { type Equation, innerPrograms, isEquation, type Program } from "./Program.ts";
export { dotAxes } from "./dotAxes.ts";
export { allPrimitives, shapePrimitive } from "./shapes/shapePrimitive.ts";
export { broadcastShapes } from "./broadcastShapes.ts";
export { apply } from "./apply.ts";
export { type RunEagerly, runEagerlyBy } from "./eager.ts";
export { asOperand, asTensor, numberAs } from "./asTensor.ts";
export { broadcastTo, broadcastTogether } from "./elementwise.ts";
export { type ConcreteTensor, type Constant } from "./tensors.ts";
export { constantOf, filledTensor, scalarTensor, stridedTensor, tensorOf } from "./tensorOf.ts";
export { fromFront } from "./elementAt.ts";
export { isTraced } from "./isTraced.ts";
export { Variable } from "./Variable.ts";
export { type Recorder, traceContext, type TraceContext } from "./traceContext.ts";
export { repeatEquation, spliceProgram } from "./spliceProgram.ts";
export { Trace, withTrace } from "./Trace.ts";
export { LeakError, OperatorError } from "./refusals.ts";
export { traceProgram } from "./traceProgram.ts";
export {
  allocate,
  arrayType,
  bytesOf,
  epsilon,
  isFloat,
  rowMajor,
  sameList,
  sameType,
  showType,
  sizeOf,
  type Type,
} from "./Type.ts";
