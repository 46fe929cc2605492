/** How fast prey grows and is eaten, and predators grow and die. */
export interface Rates<Value = number> {
  readonly alpha: Value;
  readonly beta: Value;
  readonly gamma: Value;
  readonly delta: Value;
}

/** The equations of Lotka and Volterra. */
export function predatorPrey(
  _t: number,
  [prey, predator]: readonly [number, number],
  { alpha, beta, gamma, delta }: Rates,
): [number, number] {
  return [alpha * prey - beta * prey * predator, delta * prey * predator - gamma * predator];
}
