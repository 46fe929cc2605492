import type { Config, TopLevelSpec } from "vega-lite";
import type { Captions } from "./captionsOf.ts";
import type { Point, Series } from "./Series.ts";

/** Okabe and Ito's blue and vermilion, which the colour-blind tell apart too. */
const styles = {
  prey: { color: "#0072B2", shape: "circle", size: 95 },
  predator: { color: "#D55E00", shape: "diamond", size: 120 },
} as const;

const width = 720;
const heights = [360, 220] as const; // of one panel, of each of two

/** The panels below each other, data as points and models as lines: the text of an SVG file. */
export async function picture(panels: readonly Series[][], captions: Captions): Promise<string> {
  // Loaded only now: it takes a third of a second, which the rest of the example need not wait for.
  const [{ parse, View }, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const view = new View(parse(compile(specOf(panels, captions)).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

function specOf(panels: readonly Series[][], captions: Captions): TopLevelSpec {
  const height = panels.length === 1 ? heights[0] : heights[1];
  return {
    background: "white",
    padding: 24,
    spacing: 28,
    title: { text: captions.title, subtitle: [...captions.subtitle] },
    vconcat: panels.map((panel) => ({
      width,
      height,
      encoding: encodingOf(panel, captions),
      layer: panel.flatMap((series) => layersOf(series, endOf(series, panel, height))),
    })),
    config,
  };
}

function encodingOf(panel: readonly Series[], { xTitle, yTitle }: Captions) {
  const isWhole = panel[0]!.points.every(({ time }) => Number.isInteger(time));
  const isLarge = panel.some(({ highest }) => highest >= 1e6);
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
      axis: isLarge ? { format: "~s" } : {},
    },
  } as const;
}

function layersOf({ kind, name, points, line }: Series, end: Point) {
  const { color, shape } = styles[kind];
  const strokeWidth = Math.min(1, 60 / points.length); // many points are small ones
  const size = styles[kind].size * strokeWidth;
  return [
    {
      data: { values: [...line] },
      mark: { type: "line", color, strokeWidth: 2.25 },
    },
    {
      data: { values: [...points] },
      mark: {
        type: "point",
        color,
        shape,
        size,
        filled: true,
        opacity: 1,
        stroke: "white",
        strokeWidth,
      },
    },
    {
      data: { values: [end] },
      mark: { type: "text", color, text: name, align: "left", dx: 14, fontSize: 14 },
    },
  ] as const;
}

/** Where the name of a series stands: where its line ends, but 20 pixels from the end of any other. */
function endOf(series: Series, panel: readonly Series[], height: number): Point {
  const { time, value } = series.line.at(-1)!;
  const other = panel.find((one) => one !== series)?.line.at(-1)!.value ?? Infinity;
  const apart = (20 / height) * Math.max(...panel.map(({ highest }) => highest));
  const isAbove = value > other || (value === other && series.kind === "prey");
  const missing = Math.max(0, apart - Math.abs(value - other));
  return { time, value: value + (isAbove ? missing : 0) };
}

const config: Config = {
  font: "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
  view: { stroke: null },
  title: {
    anchor: "start",
    color: "#111111",
    fontSize: 20,
    fontWeight: 600,
    offset: 20,
    subtitleColor: "#555555",
    subtitleFontSize: 13,
    subtitleLineHeight: 18,
    subtitlePadding: 8,
  },
  text: { fontWeight: 600 },
  axis: {
    domainColor: "#888888",
    gridColor: "#e4e4e4",
    labelColor: "#333333",
    labelFontSize: 12,
    labelPadding: 6,
    tickColor: "#888888",
    titleColor: "#333333",
    titleFontSize: 13,
    titleFontWeight: 400,
    titlePadding: 12,
  },
  axisX: { grid: false, labelFlush: false },
  axisY: { domain: false, ticks: false, tickCount: 6 },
};
