import type { Chart } from "../shared/chart.ts";
import type { Section } from "./section.ts";

/** So many crossings of an orbit are drawn. */
const drawn = 400;

/** The sections of several orbits. */
export function picture(sections: Readonly<Record<string, Section>>, energy: string): Chart {
  return {
    title: "Order and chaos among the orbits of a star",
    subtitle: [
      `Where orbits of the energy ${energy} cross the line x = 0 to the right, after Hénon and Heiles.`,
      `Two lie on curves; those of the third, which is chaotic, fill an area. The first ${drawn} are drawn.`,
    ],
    panels: [
      {
        xTitle: "y",
        yTitle: "velocity in y",
        curves: Object.entries(sections).map(([name, { stars }]) => ({
          name,
          x: stars.slice(0, drawn).map(([, y]) => y),
          y: stars.slice(0, drawn).map(([, , , v]) => v),
          mark: "points",
        })),
      },
    ],
  };
}
