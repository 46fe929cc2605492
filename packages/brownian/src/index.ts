/**
 * Brownian motions as paths.
 *
 * @packageDocumentation
 */
export type { BrownianIncrement, LevyArea } from "./levy.ts";
export type { BrownianShape } from "./shapes.ts";
export { UnsafeBrownianPath, type UnsafeBrownianPathOptions } from "./UnsafeBrownianPath.ts";
export {
  type MotionOf,
  VirtualBrownianTree,
  type VirtualBrownianTreeOptions,
} from "./VirtualBrownianTree.ts";
