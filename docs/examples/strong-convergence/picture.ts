import { jit, np, vmap } from "@diffrax-ts/core";
import type { Key } from "@diffrax-ts/random";
import type { Chart, Curve } from "../shared/chart.ts";
import { exact, solved } from "./price.ts";

/** One path by coarse and by fine steps, and the errors of methods. */
export function picture(
  key: Key,
  steps: readonly number[],
  errors: Readonly<Record<string, readonly number[]>>,
): Chart {
  const fine = np.linspace(0, 1, 513);
  const truth = jit(vmap(exact, { inAxes: [0, null] }))(fine, key);
  const byEuler = (count: number): Curve => {
    const x = np.linspace(0, 1, count + 1);
    return { name: `${count} steps`, x, y: solved("Euler", { dt0: 1 / count, key, ts: x }) };
  };
  return {
    title: "The same noise on finer and finer grids",
    subtitle: [
      "Left: one path of a price that fluctuates, by Euler's method, and as it is.",
      "Right: the error at the end, the root of its mean square over many paths.",
    ],
    panels: [
      {
        xTitle: "t",
        yTitle: "price",
        curves: [{ name: "exact", x: fine, y: truth }, ...[4, 32].map(byEuler)],
      },
      {
        xTitle: "length of a step",
        yTitle: "strong error",
        xScale: "log",
        yScale: "log",
        curves: Object.entries(errors).map(([name, of]) => ({
          name,
          x: steps.map((count) => 1 / count),
          y: of,
        })),
      },
    ],
  };
}
