/**
 * Tracing, derivatives, batching and control flow.
 *
 * @packageDocumentation
 */
export { whileLoop, type WhileOptions } from "./control/whileLoop.ts";
export { grad, type GradOptions, valueAndGrad, type ValueAndGrad, type ValueOf } from "./grad.ts";
export { jit } from "./jit.ts";
export { type Axes, type Batch, vmap, type VmapOptions } from "./vmap.ts";
