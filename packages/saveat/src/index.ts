/**
 * What a solve saves, and when.
 *
 * @packageDocumentation
 */
export { checkFold, type Fold, isFold } from "./Fold.ts";
export {
  checkSaveAt,
  SaveAt,
  type SaveAtOptions,
  type SaveMore,
  type Subs,
  subsOf,
} from "./SaveAt.ts";
export { isSubSaveAt, type SaveTimes, type SubSaveAt, type Times } from "./SubSaveAt.ts";
