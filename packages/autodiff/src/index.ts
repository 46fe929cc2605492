/**
 * Tracing, derivatives, batching and control flow.
 *
 * @packageDocumentation
 */
export { batchWork, type BatchWork, type Portion } from "./batch/batchWork.ts";
export type { Axes } from "./batch/batchAxes.ts";
export { callShared, callTraced, resultTypes } from "./callTraced.ts";
export { checkpoint } from "./checkpoint.ts";
export { checkTraces, type TraceChecks } from "./checkTraces.ts";
export { clearCaches } from "./clearCaches.ts";
export { closed, type ClosedFunction } from "./closed.ts";
export { closureConvert, type Converted } from "./closureConvert.ts";
export { assert } from "./control/assert.ts";
export { cond } from "./control/cond.ts";
export { scan, type ScanOptions, type ScanResult, type ScanStep } from "./control/scan.ts";
export { requireTruth } from "./control/requireTruth.ts";
export {
  assertResult,
  resultConstant,
  resultNames,
  type ResultTable,
} from "./control/resultTable.ts";
export { treeLoop, type TreeLoopOptions } from "./control/treeLoop.ts";
export { whileLoop, type WhileOptions } from "./control/whileLoop.ts";
export { compileEagerly } from "./compileEagerly.ts";
export { customJvp } from "./custom/customJvp.ts";
export { customVjp, type VjpRule } from "./custom/customVjp.ts";
export { dependsOn } from "./dependsOn.ts";
export type { Argnums, Chosen } from "./differentiated.ts";
export { evalShape, type ShapeAndType, type ShapeTree } from "./evalShape.ts";
export { explain } from "./explain.ts";
export type { Explanation } from "@diffrax-ts/compiler";
export {
  grad,
  type GradAndAux,
  type GradOptions,
  valueAndGrad,
  type ValueAndGrad,
  type ValueOf,
} from "./grad.ts";
export { isTraced } from "@diffrax-ts/program";
export {
  hessian,
  type Hessian,
  type HessianAndAux,
  type HessianRow,
  jacfwd,
  type Jacobian,
  type JacobianAndAux,
  jacrev,
  type TakeJacobian,
  type TensorTree,
} from "./jacobian.ts";
export { hasFma } from "@diffrax-ts/compiler";
export { jit, type JitOptions } from "./jit.ts";
export { jvp, type ValueAndTangent } from "./jvp.ts";
export { likeLeaf } from "./leaves.ts";
export { leavesLike } from "./leavesLike.ts";
export type { LikeArguments } from "./LikeArguments.ts";
export { linearize, type Linearized } from "./linearize.ts";
export { linearTranspose } from "./linearTranspose.ts";
export { asTensor, leafType } from "@diffrax-ts/program";
export { nondifferentiable, nondifferentiableBackward } from "./nondifferentiable.ts";
export { noteFunction } from "./madeAnew.ts";
export { isNoinline, noinline, withoutNoinline } from "./noinline.ts";
export { type CallOptions, compile, runProgram } from "./runProgram.ts";
export { stopGradient } from "./stopGradient.ts";
export { type Kept, TraceCache, traceCache, type TracedCall } from "./TraceCache.ts";
export { type TraceParameters, traceTree } from "./traceTree.ts";
export type { TreeProgram } from "./TreeProgram.ts";
export { vjp, type ValueAndVjp } from "./vjp.ts";
export { type Batch, vmap, type VmapOptions } from "./vmap.ts";
export { watched } from "./watched.ts";
export { withDifferences } from "./withDifferences.ts";
