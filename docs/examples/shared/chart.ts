import type { TopLevelSpec } from "vega-lite";
import { theme } from "./theme.ts";

/** A line, or points, with a name. */
export interface Curve {
  /** Curves of one name have one colour. */
  readonly name: string;
  readonly x: Iterable<number>;
  readonly y: Iterable<number>;
  /** @defaultValue "line" */
  readonly mark?: "line" | "dashes" | "points";
}

/** Curves with axes of their own. */
export interface Panel {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly curves: readonly Curve[];
}

/** What is drawn. */
export interface Chart {
  readonly title: string;
  /** Lines of text below the title, of some 70 characters. */
  readonly subtitle: readonly string[];
  /** One, or several beside each other. */
  readonly panels: readonly Panel[];
}

/** Okabe and Ito's blue, vermilion, green and purple, which the colour-blind tell apart too. */
const colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7"];

const width = 760; // of all panels, in pixels

/** A chart as vega-lite is told of it. */
export function specOf({ title, subtitle, panels }: Chart): TopLevelSpec {
  const names = [...new Set(panels.flatMap(({ curves }) => curves.map(({ name }) => name)))];
  const color = { domain: names, range: colors.slice(0, names.length) };
  return {
    background: "white",
    padding: 24,
    spacing: 36,
    title: { text: title, subtitle: [...subtitle] },
    hconcat: panels.map(({ xTitle, yTitle, curves }) => ({
      width: width / panels.length,
      height: 360,
      encoding: {
        x: {
          field: "x",
          type: "quantitative",
          title: xTitle,
          scale: { nice: false, zero: false },
          axis: { tickCount: 12 / panels.length },
        },
        y: { field: "y", type: "quantitative", title: yTitle, scale: { zero: false } },
      },
      layer: curves.map((curve) => layerOf(curve, color)),
    })),
    resolve: { scale: { color: "shared" }, legend: { color: "shared" } },
    config: theme,
  };
}

function layerOf(
  { name, x, y, mark = "line" }: Curve,
  scale: { domain: string[]; range: string[] },
) {
  const ys = [...y];
  const values = Array.from(x, (at, i) => ({ x: at, y: ys[i]!, i }));
  const color = { datum: name, scale, title: null } as const;
  return mark === "points"
    ? ({
        data: { values },
        mark: { type: "circle", size: 28, opacity: 1, aria: false },
        encoding: { color },
      } as const)
    : ({
        data: { values },
        mark: {
          type: "line",
          aria: false,
          strokeWidth: 2.25,
          strokeDash: mark === "dashes" ? [6, 4] : [1, 0],
        },
        encoding: { color, order: { field: "i" } }, // a path in the plane may turn back
      } as const);
}
