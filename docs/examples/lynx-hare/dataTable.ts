import type { Observations } from "./Observations.ts";
import { decimalsFor } from "./significant.ts";
import type { Curves } from "./solveModel.ts";

/** The most rows that are shown; of longer files the first and the last are. */
const mostRows = 60;

/** A table of what was counted and what the model says, one row for each time. */
export function dataTable(observations: Observations, model: Curves): string {
  const { names, times } = observations;
  const columns = [
    { name: names.time, cells: times.map(String) },
    ...columnsOf(names.prey, observations.prey, model.prey),
    ...columnsOf(names.predator, observations.predator, model.predator),
  ];
  const padded = columns.map(({ name, cells }) => {
    const width = cells.reduce((most, { length }) => Math.max(most, length), name.length);
    return [name, ...cells].map((cell) => cell.padStart(width));
  });
  const lines = padded[0]!.map((_, row) => padded.map((cells) => cells[row]!).join("   "));
  if (times.length <= mostRows) return lines.join("\n");
  const shown = mostRows / 2;
  const left = `… ${times.length - mostRows} more rows …`;
  return [...lines.slice(0, shown + 1), left, ...lines.slice(-shown)].join("\n");
}

/** A column of the data and one of the model, with as many decimals as give the largest three digits. */
function columnsOf(name: string, data: readonly number[], model: readonly number[]) {
  const decimals = decimalsFor(data.reduce((most, value) => Math.max(most, value), 0));
  const written = (values: readonly number[]) => values.map((value) => value.toFixed(decimals));
  return [
    { name, cells: written(data) },
    { name: "model", cells: written(model) },
  ];
}
