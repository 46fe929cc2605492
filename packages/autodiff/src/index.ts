/**
 * Tracing, derivatives, batching and control flow.
 *
 * @packageDocumentation
 */
export { callTraced, resultTypes } from "./callTraced.ts";
export { cond } from "./control/cond.ts";
export { scan, type ScanOptions, type ScanResult, type ScanStep } from "./control/scan.ts";
export { whileLoop, type WhileOptions } from "./control/whileLoop.ts";
export type { Argnums } from "./differentiated.ts";
export {
  grad,
  type GradAndAux,
  type GradOptions,
  valueAndGrad,
  type ValueAndGrad,
  type ValueOf,
} from "./grad.ts";
export { isTraced } from "@diffrax-ts/program";
export { jit } from "./jit.ts";
export { jvp, type ValueAndTangent } from "./jvp.ts";
export { likeLeaf } from "./leaves.ts";
export { leafTensor, leafType } from "@diffrax-ts/program";
export { isNoinline, noinline, withoutNoinline } from "./noinline.ts";
export { type CallOptions, compile, runProgram } from "./runProgram.ts";
export {
  type Kept,
  TraceCache,
  traceCache,
  type TracedCall,
  type TracedFunction,
  traceTree,
} from "./traceTree.ts";
export { vjp, type ValueAndVjp } from "./vjp.ts";
export { type Axes, type Batch, vmap, type VmapOptions } from "./vmap.ts";
