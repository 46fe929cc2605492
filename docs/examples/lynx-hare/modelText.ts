import type { ChosenModel } from "./chooseModel.ts";
import type { Observations } from "./Observations.ts";

/** What is solved, with which numbers, and where they come from. */
export function modelText(
  { rates, start, origins, isFitted }: ChosenModel,
  { names, times }: Observations,
): string {
  const { prey, predator, time } = names;
  const rows = [
    ["α", number(rates.alpha), origins.alpha],
    ["β", number(rates.beta), origins.beta],
    ["γ", number(rates.gamma), origins.gamma],
    ["δ", number(rates.delta), origins.delta],
    [`${prey}, ${predator} at ${time} ${times[0]!}`, start.map(number).join(", "), origins.start],
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return [
    `${prey}' = α ${prey} − β ${prey} ${predator}`,
    `${predator}' = δ ${prey} ${predator} − γ ${predator}`,
    "",
    ...rows.map(
      ([name, value, origin]) =>
        `${name!.padEnd(widths[0]!)}   ${value!.padEnd(widths[1]!)}   ${origin}`,
    ),
    ...(isFitted
      ? []
      : [
          "",
          "Not fitted to these data. --alpha, --beta, --gamma, --delta and --start set other numbers.",
        ]),
  ].join("\n");
}

function number(value: number): string {
  return String(Number(value.toPrecision(6)));
}
