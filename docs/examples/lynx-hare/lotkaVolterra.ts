/** How fast the two species grow and die, per unit of time. */
export interface Rates<Value = number> {
  /** How fast the prey grows by itself. */
  readonly alpha: Value;
  /** How fast each predator takes from the prey. */
  readonly beta: Value;
  /** How fast the predator dies without prey. */
  readonly gamma: Value;
  /** How fast the predator grows for each prey. */
  readonly delta: Value;
}

/** What there is of the two species. */
export type Populations<Value = number> = readonly [prey: Value, predator: Value];

/** The equations of Lotka and Volterra, in ordinary arithmetic: how fast the populations change. */
export function lotkaVolterra(
  _t: number,
  [prey, predator]: Populations,
  { alpha, beta, gamma, delta }: Rates,
): Populations {
  return [
    alpha * prey - beta * prey * predator, //      prey'     = α prey − β prey predator
    delta * prey * predator - gamma * predator, // predator' = δ prey predator − γ predator
  ];
}
