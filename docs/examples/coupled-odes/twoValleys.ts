import type { predatorPrey, Populations, Rates } from "./predatorPrey.ts";

/** The species in each of two valleys. */
export interface Valleys {
  readonly north: Populations;
  readonly south: Populations;
}

/** What the equations are told. */
export interface Landscape {
  readonly rates: Rates;
  /** How easily prey gets from valley to valley. */
  readonly wandering: number;
  /** The equations within a valley. */
  readonly within: typeof predatorPrey;
}

/** The equations of both valleys: prey goes where there is less of it. */
export function twoValleys(
  t: number,
  { north, south }: Valleys,
  { rates, wandering, within }: Landscape,
): Valleys {
  const [inNorth, inSouth] = [within(t, north, rates), within(t, south, rates)];
  const northward = wandering * (south.prey - north.prey);
  return {
    north: { prey: inNorth.prey + northward, predator: inNorth.predator },
    south: { prey: inSouth.prey - northward, predator: inSouth.predator },
  };
}
