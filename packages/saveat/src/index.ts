/**
 * What a solve saves, and when.
 *
 * @packageDocumentation
 */
export {
  checkSaveAt,
  SaveAt,
  type SaveAtOptions,
  type SaveMore,
  type Subs,
  subsOf,
} from "./SaveAt.ts";
export { isSubSaveAt, type SaveTimes, type SubSaveAt, type Times } from "./SubSaveAt.ts";
