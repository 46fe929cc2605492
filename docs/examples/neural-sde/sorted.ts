import { np } from "@diffrax-ts/core";
import type { Paths, Series } from "./data.ts";

/** The values of paths at each time, from the least to the greatest: `[times, paths]`. */
function sorted(paths: Paths): Paths {
  return np.stack([...np.transpose(paths)].map((row) => Float64Array.from(row).sort()));
}

/** How far the values of as many paths are from one another: their Wasserstein distance at each time, on average. */
export function distance(one: Paths, other: Paths): number {
  return np.mean(np.abs(np.sub(sorted(one), sorted(other)))).item();
}

/** What the share `p` of the paths are below, at each time. */
export function quantile(paths: Paths, p: number): Series {
  return np.slice(sorted(paths), null, Math.floor(p * paths.length));
}
