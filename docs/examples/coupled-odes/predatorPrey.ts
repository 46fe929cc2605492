/** What there is of each species. */
export interface Populations {
  readonly prey: number;
  readonly predator: number;
}

/** How fast the species grow and die: the growth of the prey, what predators take, their death, what they gain. */
export interface Rates {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** The equations of Lotka and Volterra. */
export function predatorPrey(
  _t: number,
  { prey, predator }: Populations,
  { a, b, c, d }: Rates,
): Populations {
  return {
    prey: a * prey - b * prey * predator,
    predator: d * prey * predator - c * predator,
  };
}
