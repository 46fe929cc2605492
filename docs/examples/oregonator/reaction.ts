import {
  type Integrator,
  integrator,
  Kvaerno5,
  PIDController,
  type SavedIntegrator,
  type Scalar,
} from "@diffrax-ts/core";

/** The concentrations of bromous acid, bromide and the catalyst, in units of their steady state. */
interface Concentrations<X = number> {
  readonly acid: X;
  readonly bromide: X;
  readonly catalyst: X;
}

/** What the slider changes: how much bromide the catalyst gives back. Between 0.6 and 1.5 the reaction oscillates. */
interface Settings {
  readonly f: number;
}

/** A solve of the reaction that is under way. */
export type Reaction = Integrator<Concentrations<Scalar>, Settings>;

/**
 * The Oregonator: a reaction of Belousov and Zhabotinsky that goes to and fro by itself, with jumps over five powers of ten.
 *
 * @see Field and Noyes 1974, https://doi.org/10.1063/1.1681288
 */
function oregonator(
  _t: number,
  { acid, bromide, catalyst }: Concentrations,
  { f }: Settings,
): Concentrations {
  return {
    acid: 77.27 * (bromide + acid * (1 - 8.375e-6 * acid - bromide)),
    bromide: (f * catalyst - (1 + acid) * bromide) / 77.27,
    catalyst: 0.161 * (acid - catalyst),
  };
}

/** What does not change from run to run. Sixty thousand oscillations of 300 seconds take about half a minute. */
function optionsOf(t1: number) {
  return {
    t0: 0,
    t1,
    dt0: null,
    y0: { acid: 1, bromide: 2, catalyst: 3 },
    args: { f: 1 },
    maxSteps: null,
    stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-6 }),
  } as const;
}

/** A reaction that is about to begin. */
export function newReaction(t1: number): Reaction {
  return integrator(oregonator, Kvaerno5(), optionsOf(t1));
}

/** A reaction that goes on where it was saved, with the same bits. */
export function savedReaction(saved: SavedIntegrator | string): Reaction {
  return integrator.fromJSON(saved, oregonator, Kvaerno5(), optionsOf(1));
}
