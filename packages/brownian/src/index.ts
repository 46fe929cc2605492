/**
 * Brownian motions as paths.
 *
 * @packageDocumentation
 */
export type { BrownianOptions, BrownianPath, MotionOf } from "./BrownianPath.ts";
export type { BrownianIncrement, LevyArea } from "@diffrax-ts/protocol";
export { DirectBrownianPath } from "./DirectBrownianPath.ts";
export type { BrownianShape } from "./shapes.ts";
export { UnsafeBrownianPath, type UnsafeBrownianPathOptions } from "./UnsafeBrownianPath.ts";
export { VirtualBrownianTree, type VirtualBrownianTreeOptions } from "./VirtualBrownianTree.ts";
