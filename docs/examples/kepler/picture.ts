import type { Chart } from "../shared/chart.ts";
import { energyErrors, forces, type Orbit, perTurn } from "./orbits.ts";

/** So many turns of an orbit are drawn. */
const drawn = 20;

/** Two of the orbits, and the errors of the energy of all. */
export function picture(orbits: readonly Orbit[]): Chart {
  const paths = Object.fromEntries(
    orbits.map(({ name, seen: { x, y } }) => [name, { name, x: [...x], y: [...y] }]),
  );
  const part = (name: string, from: number, to?: number) => {
    const { x, y } = paths[name]!;
    return { name, x: x.slice(from, to), y: y.slice(from, to) };
  };
  const turns = energyErrors(orbits[0]!).length;
  return {
    title: "A planet that keeps its energy, and some that do not",
    subtitle: [
      `Left: the first ${drawn} turns by Heun, and the last ${drawn} of ${turns} by StormerVerlet.`,
      `Right: the error of the energy. Each method evaluates the force ${forces} times a turn.`,
    ],
    panels: [
      {
        xTitle: "x",
        yTitle: "y",
        curves: [part("Heun", 0, drawn * perTurn + 1), part("StormerVerlet", -drawn * perTurn - 1)],
      },
      {
        xTitle: "turns",
        yTitle: "relative error of the energy",
        xScale: "log",
        yScale: "log",
        curves: orbits.map((orbit) => {
          const errors = energyErrors(orbit);
          return { name: orbit.name, x: errors.map((_, i) => i + 1), y: errors };
        }),
      },
    ],
  };
}
