import { jit, np, type Scalar, type Tensor } from "@diffrax-ts/core";
import { type Key, split } from "@diffrax-ts/random";
import type { Chart, Curve } from "../shared/chart.ts";
import { quantiles } from "../shared/quantiles.ts";
import type { Params } from "./equation.ts";
import { paths } from "./manyPaths.ts";
import type { onePath } from "./onePath.ts";

/** One path, and how many of them spread before the parameters were fitted and after it. */
export function picture(
  { constant }: ReturnType<typeof onePath>,
  { before, after }: Readonly<Record<"before" | "after", Params<Scalar>>>,
  { count, key }: { readonly count: number; readonly key: Key },
): Chart {
  const ts = np.linspace(0, 2, 65);
  const solve = jit((params: Params<Scalar>, keys: Tensor) => paths(keys, params, ts)[0]!);
  const band = (name: string, params: Params<Scalar>): Curve => {
    const [low, high] = quantiles(solve(params, split(key, count)), [0.05, 0.95]);
    return { name, x: ts, y: low!, to: high!, mark: "band" };
  };
  const one = solve(after, split(key, 1)).at(0);
  return {
    title: "A stochastic equation of three numbers",
    subtitle: [
      "Left: one path of them.",
      `Right: where the first is on nine of ten of ${count} paths, before and after the fit, and on one of them.`,
    ],
    panels: [
      {
        xTitle: "t",
        yTitle: "y",
        curves: constant.ys.map((y, i) => ({ name: `y${"₁₂₃"[i]!}`, x: constant.ts, y })),
      },
      {
        xTitle: "t",
        yTitle: "y₁",
        curves: [band("before", before), band("after", after), { name: "y₁", x: ts, y: one }],
      },
    ],
  };
}
