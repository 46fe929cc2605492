import { type BrailleCanvas, brailleCanvas } from "./brailleCanvas.ts";
import type { Point, Series } from "./Series.ts";
import { ticks } from "./ticks.ts";

/** How a chart is drawn. */
export interface TerminalChartOptions {
  /** The characters in a row. */
  readonly width: number;
  /** The characters in a column, without the time axis. */
  readonly height: number;
  /** Whether the terminal takes colours. It is as clear without. */
  readonly color: boolean;
}

/** The terminal's blue and orange, which the colour-blind tell apart too. */
const styles = {
  prey: { mark: "●", color: "38;5;32" },
  predator: { mark: "◆", color: "38;5;208" },
} as const;

/** Of the dots along a line one in so many: the main line is solid, the other one dotted. */
const lineStyles = [
  { line: "solid", every: 1 },
  { line: "dotted", every: 4 },
] as const;

/** What has a colour of its own. */
type Kind = "points" | "line";

/** Where a time or a value lies, in dots from the left and from the top. */
interface Scales {
  readonly x: (time: number) => number;
  readonly y: (value: number) => number;
}

/** Draws one species over time, from 0 upwards: data as marks, models as lines. */
export function terminalChart(series: Series, options: TerminalChartOptions): string {
  const { kind, name, points, lines, highest } = series;
  const { width, height, color } = options;
  const [start, end] = [points[0]!.time, points.at(-1)!.time];
  const values = ticks(0, highest, height / 4).map((value) => ({ value, label: String(value) }));
  const margin = Math.max(...values.map(({ label }) => label.length)) + 2;
  const columns = Math.max(20, width - margin - 1);
  const x = (time: number): number => ((time - start) / (end - start)) * (2 * columns - 1);
  const y = (value: number): number => (1 - Math.min(2, value / highest)) * (4 * height - 1);

  const canvas = brailleCanvas<Kind>(columns, height);
  for (const [i, line] of lines.entries()) {
    drawLine(canvas, line.points, { x, y }, lineStyles[i]!.every);
  }
  const { mark } = styles[kind];
  for (const { time, value } of points) {
    canvas.mark(Math.round(x(time)), Math.round(y(value)), "points", mark);
  }

  const paint = (text: string, part: Kind | undefined): string =>
    color && part === "line" ? `\u001B[${styles[kind].color}m${text}\u001B[0m` : text;
  const legend = lines.map((line, i) => paint(`${lineStyles[i]!.line}: ${line.name}`, "line"));
  const rows = canvas.rows().map((cells, row) => {
    const label = values.find(({ value }) => Math.round(y(value)) >> 2 === row)?.label;
    const axis = `${(label ?? "").padStart(margin - 2)} ${label === undefined ? "│" : "┤"}`;
    return `${axis}${cells.map(({ character, kind }) => paint(character, kind)).join("")}`.trimEnd();
  });
  const times = ticks(start, end, columns / 10);
  return [
    `${" ".repeat(margin)}${[`${mark} ${name}`, ...legend].join("   ")}`,
    ...rows,
    ...timeAxis(times, (time) => x(time) / 2, { columns, margin }),
  ].join("\n");
}

/** Of the dots along the line one in `every`. */
function drawLine(
  canvas: BrailleCanvas<Kind>,
  line: readonly Point[],
  { x, y }: Scales,
  every: number,
): void {
  const last = Math.round(x(line.at(-1)!.time));
  let walked = 0;
  for (let column = 0; column < last; column++) {
    let row = Math.round(y(valueAt(line, column, x)));
    const to = Math.round(y(valueAt(line, column + 1, x)));
    do {
      if (walked++ % every === 0) canvas.dot(column, row, "line");
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
