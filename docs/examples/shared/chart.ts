import type { TopLevelSpec } from "vega-lite";
import { theme } from "./theme.ts";

/** A line, points, or a band, with a name. */
export interface Curve {
  /** Curves of one name have one colour. */
  readonly name: string;
  readonly x: Iterable<number>;
  readonly y: Iterable<number>;
  /** Of a band, its upper side: `y` is the lower one. */
  readonly to?: Iterable<number>;
  /** @defaultValue "line" */
  readonly mark?: "line" | "thin" | "dashes" | "points" | "dots" | "band";
}

/** Curves with axes of their own. */
export interface Panel {
  readonly xTitle: string;
  readonly yTitle: string;
  /** @defaultValue "linear" */
  readonly xScale?: "linear" | "log";
  /** @defaultValue "linear" */
  readonly yScale?: "linear" | "log";
  /** From where to where both axes go. @defaultValue as far as the curves */
  readonly range?: readonly [number, number];
  readonly curves: readonly Curve[];
}

/** What is drawn. */
export interface Chart {
  readonly title: string;
  /** Lines of text below the title, of some 70 characters. */
  readonly subtitle: readonly string[];
  /** One, or several beside each other. */
  readonly panels: readonly Panel[];
  /** How high the panels are, in pixels. @defaultValue 360 */
  readonly height?: number;
}

/** Okabe and Ito's colours, which the colour-blind tell apart too: blue, vermilion, green, purple, orange, light blue, black. */
const colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

const width = 760; // of all panels, in pixels

/** A chart as vega-lite is told of it. */
export function specOf({ title, subtitle, panels, height = 360 }: Chart): TopLevelSpec {
  const names = [...new Set(panels.flatMap(({ curves }) => curves.map(({ name }) => name)))];
  const color = { domain: names, range: colors.slice(0, names.length) };
  return {
    background: "white",
    padding: 24,
    spacing: 36,
    title: { text: title, subtitle: [...subtitle] },
    hconcat: panels.map((panel) => ({
      width: width / panels.length,
      height,
      encoding: {
        x: {
          field: "x",
          type: "quantitative",
          title: panel.xTitle,
          ...axisOf("x", panel, 12 / panels.length),
        },
        y: { field: "y", type: "quantitative", title: panel.yTitle, ...axisOf("y", panel, 6) },
      },
      layer: panel.curves.map((curve) => layerOf(curve, color)),
    })),
    resolve: { scale: { color: "shared" }, legend: { color: "shared" } },
    config: theme,
  };
}

/** One of the two axes of a panel: its scale, and where it has ticks. */
function axisOf(name: "x" | "y", panel: Panel, tickCount: number) {
  const { curves, xScale, yScale, range } = panel;
  if (range !== undefined) return { scale: { domain: [...range] }, axis: { tickCount } };
  if ((name === "x" ? xScale : yScale) !== "log")
    return { scale: { zero: false, nice: name === "y" }, axis: { tickCount } };
  const values = powersOfTen(curves.flatMap((curve) => Array.from(curve[name])));
  const labels = values.map((x) => `datum.value === ${x} ? '${powerText(x)}' : `).join("");
  return {
    scale: { type: "log", nice: name === "y" } as const,
    axis: { values, labelExpr: `${labels}''` },
  };
}

/** Powers of ten from the least to the greatest of some numbers: not more than nine. */
function powersOfTen(numbers: readonly number[]): number[] {
  const logs = numbers.filter((x) => x > 0).map((x) => Math.log10(x));
  const from = Math.floor(Math.min(...logs));
  const to = Math.ceil(Math.max(...logs));
  const step = Math.ceil((to - from) / 8);
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) =>
    Number(`1e${from + i * step}`),
  );
}

/** `10⁻³`, and `1` to `1000`. */
function powerText(x: number): string {
  if (x >= 1 && x <= 1000) return String(x);
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const power = String(Math.round(Math.log10(x)));
  return `10${Array.from(power, (c) => (c === "-" ? "⁻" : digits[Number(c)]!)).join("")}`;
}

function layerOf(
  { name, x, y, to = [], mark = "line" }: Curve,
  scale: { domain: string[]; range: string[] },
) {
  const ys = [...y];
  const tops = [...to];
  const values = Array.from(x, (at, i) => ({ x: at, y: ys[i]!, i, to: tops[i] }));
  const color = { datum: name, scale, title: null } as const;
  if (mark === "band") {
    return {
      data: { values },
      mark: { type: "area", opacity: 0.25, aria: false },
      encoding: { color, y2: { field: "to" } },
    } as const;
  }
  if (mark === "points" || mark === "dots") {
    const [type, size] = mark === "points" ? (["circle", 28] as const) : (["square", 4] as const);
    return {
      data: { values },
      mark: { type, size, opacity: 1, aria: false, clip: true },
      encoding: { color },
    } as const;
  }
  return {
    data: { values },
    mark: {
      type: "line",
      aria: false,
      strokeWidth: mark === "thin" ? 0.75 : 2.25,
      strokeDash: mark === "dashes" ? [6, 4] : [1, 0],
    },
    encoding: { color, order: { field: "i" } }, // a path in the plane may turn back
  } as const;
}
