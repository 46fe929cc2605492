/** How two species were counted over time. */
export interface Observations {
  /** What the columns are called. */
  readonly names: { readonly time: string; readonly prey: string; readonly predator: string };
  /** When it was counted, increasing. */
  readonly times: readonly number[];
  /** What was counted of the prey at each time. */
  readonly prey: readonly number[];
  /** What was counted of the predator at each time. */
  readonly predator: readonly number[];
}
