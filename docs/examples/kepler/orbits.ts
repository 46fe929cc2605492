import {
  diffeqsolve,
  Heun,
  np,
  type Saved,
  StormerVerlet,
  Tsit5,
  Yoshida4,
} from "@diffrax-ts/core";
import { force, nearest, planet, seen, type Seen, velocity } from "./kepler.ts";

/** Once around, in time. */
const turn = 2 * Math.PI;

/** How often each method evaluates the force in one turn. */
export const forces = 240;

/** What is seen of a planet, so many times in each turn: as often as all methods end a step. */
export const perTurn = 40;

/** An orbit, as one method finds it. */
export interface Orbit {
  readonly name: string;
  readonly seen: Saved<Seen>;
}

/** The same orbit by methods that evaluate the force equally often. */
export function orbits(turns: number): Orbit[] {
  /** For a method that evaluates the force so many times in each step. */
  const options = (forcesInStep: number) => ({
    t0: 0,
    t1: turns * turn,
    dt0: (turn * forcesInStep) / forces,
    y0: nearest(0.5),
    saveat: { ts: np.linspace(0, turns * turn, turns * perTurn + 1), fn: seen },
    maxSteps: null,
  });
  const pair = [velocity, force] as const;
  const found = {
    Heun: diffeqsolve(planet, Heun(), options(2)),
    Tsit5: diffeqsolve(planet, Tsit5(), options(6)),
    StormerVerlet: diffeqsolve(pair, StormerVerlet(), options(1)),
    Yoshida4: diffeqsolve(pair, Yoshida4(), options(3)),
  };
  return Object.entries(found).map(([name, { ys }]) => ({ name, seen: ys }));
}

/** The largest error of the energy in each turn, in proportion to the energy. */
export function energyErrors({ seen: { energy } }: Orbit): number[] {
  const errors = Array.from(energy, (e) => Math.abs(e / -0.5 - 1));
  const turns = (errors.length - 1) / perTurn;
  return Array.from({ length: turns }, (_, i) =>
    Math.max(...errors.slice(i * perTurn, (i + 1) * perTurn + 1)),
  );
}
