import type { Fit } from "./fitModel.ts";
import { type Model, numbersOf } from "./Model.ts";
import type { Observations } from "./Observations.ts";
import type { Options } from "./readOptions.ts";
import { significant } from "./significant.ts";

/** What a fit begins with, and what it found, if there was one. */
export interface Found {
  readonly guess: Model;
  readonly fit: Fit | undefined;
}

/** The equations, and their numbers: fitted, with standard errors, and first guessed, with where that comes from. */
export function modelText(
  { guess, fit }: Found,
  { names, times }: Observations,
  { rates, start }: Pick<Options, "rates" | "start">,
): string {
  const { prey, predator } = names;
  const at = `at ${names.time} ${times[0]!}`;
  const startsWith = start === undefined ? "the first row" : "--start";
  const origins = [
    rates.alpha === undefined ? "the best speed tried" : "--alpha",
    rates.beta === undefined ? `α / mean(${predator})` : "--beta",
    rates.gamma === undefined ? "the best speed tried" : "--gamma",
    rates.delta === undefined ? `γ / mean(${prey})` : "--delta",
    startsWith,
    startsWith,
  ];
  const columns = [
    ["", "α", "β", "γ", "δ", `${prey} ${at}`, `${predator} ${at}`],
    ...(fit === undefined ? [] : [["fit", ...withErrors(fit)]]),
    [fit === undefined ? "not fitted" : "first guess", ...numbersOf(guess).map(fourDigits)],
    ["", ...origins],
  ];
  return [
    `${prey}' = α ${prey} − β ${prey} ${predator}`,
    `${predator}' = δ ${prey} ${predator} − γ ${predator}`,
    "",
    ...sideBySide(columns),
  ].join("\n");
}

function withErrors({ model, standardErrors }: Fit): readonly string[] {
  return numbersOf(model).map(
    (number, i) => `${fourDigits(number)} ± ${significant(standardErrors[i]!, 2)}`,
  );
}

function fourDigits(number: number): string {
  return significant(number, 4);
}

function sideBySide(columns: readonly (readonly string[])[]): readonly string[] {
  const padded = columns.map((cells) => {
    const width = Math.max(...cells.map(({ length }) => length));
    return cells.map((cell) => cell.padEnd(width));
  });
  return padded[0]!.map((_, row) =>
    padded
      .map((cells) => cells[row]!)
      .join("   ")
      .trimEnd(),
  );
}
