import { diffeqsolve, Event, PIDController, type Scalar, Tsit5 } from "@diffrax-ts/core";

/** How much of a drug there is in the gut and in the blood, in milligrams. */
interface Amounts {
  readonly gut: number;
  readonly blood: number;
}

/** What a body does with the drug: rates per hour, and a volume in litres. */
export interface Body {
  /** From the gut into the blood. */
  readonly absorption: number;
  /** Out of the blood. */
  readonly elimination: number;
  readonly volume: number;
}

/** Of the drug theophylline, about: it is half gone after eight hours. */
export const body: Body = { absorption: 1.5, elimination: 0.087, volume: 32 };

/** When tablets are taken, in hours, and how much is in each, in milligrams. */
export interface Regimen<N = number> {
  readonly times: readonly (number | Scalar)[];
  readonly first: N;
  readonly others: N;
}

/** One compartment, with absorption of first order. */
function absorb(
  _t: number,
  { gut, blood }: Amounts,
  { absorption: ka, elimination: ke }: Body,
): Amounts {
  return { gut: -ka * gut, blood: ka * gut - ke * blood };
}

/** A tablet is taken. */
function take(
  _t: number,
  { gut, blood }: Amounts,
  { first, others }: { first: number; others: number },
  index: number,
): Amounts {
  return { gut: gut + (index === 0 ? first : others), blood };
}

/** How much is in the blood at some times, in milligrams a litre. */
export function concentrations(
  { times, first, others }: Regimen<number | Scalar>,
  ts: Float64Array,
) {
  return diffeqsolve(absorb, Tsit5(), {
    t0: 0,
    t1: ts.at(-1)!,
    dt0: 0.1,
    y0: { gut: 0, blood: 0 },
    args: { ...body, first: first as number, others: others as number },
    stepsizeController: PIDController({ rtol: 1e-8, atol: 1e-8 }),
    event: Event({ at: times, change: take }),
    saveat: { ts, fn: (_t, { blood }, { volume }) => blood / volume },
  }).ys;
}
