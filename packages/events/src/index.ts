/**
 * What ends a solve before its end: conditions that change their sign, or become true.
 *
 * @packageDocumentation
 */
export type { Change, ChangesWithTimes, ChangeTree } from "./changes.ts";
export type { Condition, ConditionTree, ConditionValue } from "./conditions.ts";
export type { Direction } from "./crossings.ts";
export {
  AbstractDiscreteTerminatingEvent,
  DiscreteTerminatingEvent,
  SteadyStateEvent,
} from "./deprecated.ts";
export type { DirectionTree } from "./directions.ts";
export { Event } from "./Event.ts";
export type { EventState } from "./EventState.ts";
export type { EventOptions } from "./EventOptions.ts";
export type { TimeList } from "./KnownTimes.ts";
export {
  type SteadyStateCondition,
  steadyStateEvent,
  type SteadyStateEventOptions,
} from "./steadyStateEvent.ts";
