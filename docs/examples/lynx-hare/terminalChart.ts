import { type BrailleCanvas, brailleCanvas } from "./brailleCanvas.ts";
import type { Point, Series } from "./Series.ts";
import { ticks } from "./ticks.ts";

/** How a chart is drawn. */
export interface TerminalChartOptions {
  /** The characters in a row. */
  readonly width: number;
  /** The characters in a column, without the time axis. */
  readonly height: number;
  /** Whether the terminal takes colours. Without them the predator's line is dotted. */
  readonly color: boolean;
}

/** The terminal's blue and orange, which the colour-blind tell apart too. */
const styles = {
  prey: { mark: "●", line: "solid", every: 1, color: "38;5;32" },
  predator: { mark: "◆", line: "dotted", every: 4, color: "38;5;208" },
} as const;

type Kind = Series["kind"];

/** Where a time or a value lies, in dots from the left and from the top. */
interface Scales {
  readonly x: (time: number) => number;
  readonly y: (value: number) => number;
}

/** Draws series over time, from 0 upwards: data as marks, models as lines. */
export function terminalChart(panel: readonly Series[], options: TerminalChartOptions): string {
  const { width, height, color } = options;
  const top = Math.max(...panel.map(({ highest }) => highest));
  const [start, end] = [panel[0]!.points[0]!.time, panel[0]!.points.at(-1)!.time];
  const values = ticks(0, top, height / 4).map((value) => ({ value, label: String(value) }));
  const margin = Math.max(...values.map(({ label }) => label.length)) + 2;
  const columns = Math.max(20, width - margin - 1);
  const x = (time: number): number => ((time - start) / (end - start)) * (2 * columns - 1);
  const y = (value: number): number => (1 - value / top) * (4 * height - 1);

  const canvas = brailleCanvas<Kind>(columns, height);
  for (const series of panel) {
    drawLine(canvas, series, { x, y }, color ? 1 : styles[series.kind].every);
  }
  for (const { kind, points } of panel) {
    for (const { time, value } of points) {
      canvas.mark(Math.round(x(time)), Math.round(y(value)), kind, styles[kind].mark);
    }
  }

  const paint = (text: string, kind: Kind | undefined): string =>
    color && kind !== undefined ? `\u001B[${styles[kind].color}m${text}\u001B[0m` : text;
  const legend = panel.map(({ kind, name }) => {
    const { mark, line } = styles[kind];
    return paint(color ? `${mark} ${name}` : `${mark} ${line}: ${name}`, kind);
  });
  const rows = canvas.rows().map((cells, row) => {
    const label = values.find(({ value }) => Math.round(y(value)) >> 2 === row)?.label;
    const axis = `${(label ?? "").padStart(margin - 2)} ${label === undefined ? "│" : "┤"}`;
    return `${axis}${cells.map(({ character, kind }) => paint(character, kind)).join("")}`.trimEnd();
  });
  const times = ticks(start, end, columns / 10);
  return [
    `${" ".repeat(margin)}${legend.join("   ")}`,
    ...rows,
    ...timeAxis(times, (time) => x(time) / 2, { columns, margin }),
  ].join("\n");
}

/** Of the dots along the line one in `every`. */
function drawLine(
  canvas: BrailleCanvas<Kind>,
  { kind, line }: Series,
  { x, y }: Scales,
  every: number,
): void {
  const last = Math.round(x(line.at(-1)!.time));
  let walked = 0;
  for (let column = 0; column < last; column++) {
    let row = Math.round(y(valueAt(line, column, x)));
    const to = Math.round(y(valueAt(line, column + 1, x)));
    do {
      if (walked++ % every === 0) canvas.dot(column, row, kind);
      row += Math.sign(to - row);
    } while (row !== to);
  }
}

/** The line at a column of dots, between its points in proportion. */
function valueAt(line: readonly Point[], column: number, x: Scales["x"]): number {
  const found = line.findIndex(({ time }) => x(time) >= column);
  const next = found < 0 ? line.length - 1 : Math.max(1, found);
  const [a, b] = [line[next - 1]!, line[next]!];
  const part = (column - x(a.time)) / (x(b.time) - x(a.time));
  return a.value + part * (b.value - a.value);
}

function timeAxis(
  times: readonly number[],
  columnOf: (time: number) => number,
  { columns, margin }: { readonly columns: number; readonly margin: number },
): [axis: string, labels: string] {
  const axis = Array.from({ length: columns }, () => "─");
  let labels = "";
  for (const time of times) {
    const column = Math.min(columns - 1, Math.floor(columnOf(time)));
    axis[column] = "┴";
    const text = String(time);
    const at = Math.max(0, margin + column - Math.floor(text.length / 2));
    if (at > labels.length || labels === "") labels = labels.padEnd(at) + text;
  }
  return [`${" ".repeat(margin - 1)}└${axis.join("")}`, labels];
}
