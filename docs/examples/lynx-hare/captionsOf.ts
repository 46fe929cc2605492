import type { Observations } from "./Observations.ts";

/** What is written round the data. */
export interface Captions {
  readonly title: string;
  readonly subtitle: readonly string[];
  readonly xTitle: string;
  readonly yTitle: string;
}

/** What is written round the pelts, or round a file of the user's own. */
export function captionsOf(
  { names, times }: Observations,
  { file, fit }: { readonly file?: string; readonly fit: boolean },
): Captions {
  const model = fit
    ? "Lines: the model of Lotka and Volterra, fitted to them, and where the fit began"
    : "Lines: the model of Lotka and Volterra, not fitted";
  const [first, last] = [times[0]!, times.at(-1)!];
  if (file === undefined) {
    return {
      title: `Snowshoe hare and Canadian lynx, ${first} to ${last}`,
      subtitle: ["Marks: pelts traded by the Hudson's Bay Company", model],
      xTitle: "year",
      yTitle: "pelts (thousands)",
    };
  }
  return {
    title: `${names.prey} and ${names.predator}, ${names.time} ${first} to ${last}`,
    subtitle: ["Marks: the counts in the file", model],
    xTitle: names.time,
    yTitle: "count",
  };
}
