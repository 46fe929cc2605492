import type { TopLevelSpec } from "vega-lite";
import { theme } from "../shared/theme.ts";
import type { Captions } from "./captionsOf.ts";
import type { Series } from "./Series.ts";

/** Okabe and Ito's blue and vermilion, which the colour-blind tell apart too. */
const styles = {
  prey: { color: "#0072B2", shape: "circle", size: 95 },
  predator: { color: "#D55E00", shape: "diamond", size: 120 },
} as const;

/** The main line is solid, the other one thinner and dashed. */
const lineStyles = [
  { line: { strokeWidth: 2.25, strokeDash: [1, 0] }, fontWeight: "bold" as const },
  { line: { strokeWidth: 1.5, strokeDash: [6, 4] }, fontWeight: "normal" as const },
];

const [width, height] = [720, 220];

/** A panel for each species, data as points and models as lines. */
export function pictureOf(panels: readonly Series[], captions: Captions): TopLevelSpec {
  return {
    background: "white",
    padding: 24,
    spacing: 28,
    title: { text: captions.title, subtitle: [...captions.subtitle] },
    vconcat: panels.map((series) => panelOf(series, captions)),
    config: theme,
  };
}

function panelOf(series: Series, captions: Captions) {
  const { color } = styles[series.kind];
  return {
    width,
    height,
    title: { text: series.name, color, fontSize: 15, offset: 8, frame: "group" as const },
    encoding: encodingOf(series, captions),
    layer: [...linesOf(series), pointsOf(series), ...namesOf(series)],
  };
}

function encodingOf({ points, highest }: Series, { xTitle, yTitle }: Captions) {
  const isWhole = points.every(({ time }) => Number.isInteger(time));
  return {
    x: {
      field: "time",
      type: "quantitative",
      title: xTitle,
      scale: { nice: false, zero: false, padding: 8 },
      axis: isWhole ? { format: "d", tickMinStep: 1 } : { format: "~r" },
    },
    y: {
      field: "value",
      type: "quantitative",
      title: yTitle,
      scale: { domainMin: 0, domainMax: highest, nice: true },
      axis: highest >= 1e6 ? { format: "~s" } : {},
    },
  } as const;
}

function linesOf({ kind, lines }: Series) {
  const { color } = styles[kind];
  const drawn = lines.map((line, i) => ({
    data: { values: [...line.points] },
    mark: { type: "line", color, clip: true, ...lineStyles[i]!.line } as const,
  }));
  return drawn.reverse(); // the main line lies over the other
}

function pointsOf({ kind, points }: Series) {
  const { color, shape, size } = styles[kind];
  const strokeWidth = Math.min(1, 60 / points.length); // many points are small ones
  return {
    data: { values: [...points] },
    mark: {
      type: "point",
      color,
      shape,
      size: size * strokeWidth,
      filled: true,
      opacity: 1,
      stroke: "white",
      strokeWidth,
    },
  } as const;
}

/** The name of each line where it ends, but 20 pixels from any other name. */
function namesOf({ kind, lines, highest }: Series) {
  const { color } = styles[kind];
  const ends = lines.map((line) => line.points.at(-1)!);
  const values = apart(
    ends.map(({ value }) => Math.min(value, highest)),
    (20 / height) * highest,
  );
  return lines.map(
    (line, i) =>
      ({
        data: { values: [{ time: ends[i]!.time, value: values[i] }] },
        mark: {
          type: "text",
          color,
          text: line.name,
          align: "left",
          dx: 14,
          fontSize: 14,
          fontWeight: lineStyles[i]!.fontWeight,
        },
      }) as const,
  );
}

/** Moves the higher of two values up, until they are so far apart. */
function apart(values: readonly number[], distance: number): readonly number[] {
  const lowest = Math.min(...values);
  const isTie = values[0] === values[1];
  return values.map((value, i) =>
    value > lowest || (isTie && i === 0) ? Math.max(value, lowest + distance) : value,
  );
}
