export { elementaryFunctions, type ElementaryFunctions } from "./elementaryFunctions.ts";
export type { ExactOps } from "./exact.ts";
export { numberOps } from "./numbers.ts";
