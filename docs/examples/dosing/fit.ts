import { grad, leastSquares, LevenbergMarquardt, np, type Scalar } from "@diffrax-ts/core";
import { concentrations, type Regimen } from "./drug.ts";

/** Below this the drug does nothing, and above the other it is poisonous: milligrams a litre. */
export const window = { least: 5, most: 15 };

/** What is aimed at: the middle of the window on a logarithmic scale. */
const aim = Math.sqrt(window.least * window.most);

/** Times at which the concentration is looked at, so many an hour. */
export function clock(hours: number, perHour: number): Float64Array {
  return Float64Array.from({ length: hours * perHour + 1 }, (_, i) => i / perHour);
}

/** A tablet every so many hours, as long as the patient is looked at. */
export function every(hours: number, days: number): readonly number[] {
  return Array.from({ length: (24 * days) / hours }, (_, i) => hours * i);
}

type Doses = Readonly<Record<"first" | "others", Scalar>>;

/**
 * The first dose and the others that keep the concentration closest to the aim, by least squares of its logarithms from the second hour on, and
 * how many steps that took.
 */
export function fitDoses(times: readonly number[], days: number) {
  const ts = clock(24 * days, 1);
  const off = ({ first, others }: Doses) => {
    const all = concentrations({ times, first, others }, ts);
    return np.log(np.div(np.slice(all, [2]), aim));
  };
  const solver = LevenbergMarquardt({ rtol: 1e-6, atol: 1e-6 });
  const { value, stats } = leastSquares(off, solver, { first: 200, others: 200 });
  return {
    first: value.first.item(),
    others: value.others.item(),
    steps: stats.numSteps as number,
  };
}

/** By how much the concentration at some hour changes for each hour that a tablet is taken later: milligrams a litre. */
export function slopeOfDelay({ times, ...doses }: Regimen, index: number, hour: number): number {
  const ts = Float64Array.of(hour, times.at(-1) as number);
  const after = (time: Scalar) => {
    const moved = times.map((t, i) => (i === index ? time : t));
    return concentrations({ times: moved, ...doses }, ts).at(0);
  };
  return grad(after)(times[index] as number);
}
