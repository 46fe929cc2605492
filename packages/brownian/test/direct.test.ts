import { tensor } from "@diffrax-ts/array";
import { vmap } from "@diffrax-ts/autodiff";
import { DirectBrownianPath, type LevyArea } from "@diffrax-ts/brownian";
import type { Tree } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import { key } from "@diffrax-ts/random";
import { describe, expect, test } from "vitest";

describe("over many steps, within four standard errors,", () => {
  const n = 20_000;
  const dt = 0.25;
  const areas: readonly LevyArea[] = [
    "BrownianIncrement",
    "SpaceTimeLevyArea",
    "SpaceTimeTimeLevyArea",
  ];
  const levyOf = (levyArea: LevyArea, dtype: "float64" | "float32") => {
    const noise = DirectBrownianPath({ shape: { shape: [2], dtype }, key: key(11), levyArea });
    const at = (step: Tensor) => {
      const t0 = tensor(0);
      const start = { ...(noise.init(t0) as object), step } as never as Tree;
      const t1 = tensor(dt);
      return (noise.over(start, t0, t1).path as typeof noise).evaluate(t0, t1, true, true);
    };
    const steps = tensor(Uint32Array.from({ length: n }, (_, i) => i));
    return vmap(at as never)(steps) as never as Record<string, Tensor>;
  };
  const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;

  test.each(
    areas.flatMap((area) => (["float64", "float32"] as const).map((d) => [area, d] as const)),
  )(
    "increments with %s in %s are independent of one another, in steps, elements and areas, with their variances",
    (area, dtype) => {
      const known = levyOf(area, dtype);
      const names = ["W", "H", "K"].slice(0, areas.indexOf(area) + 1);
      const variances = { W: dt, H: dt / 12, K: dt / 720 } as Record<string, number>;
      // Numbers of variance 1, by name and element
      const columns = names.flatMap((name) => {
        const rows = known[name]!.toArray() as unknown as number[][];
        return [0, 1].map((j) => rows.map((row) => row[j]! / Math.sqrt(variances[name]!)));
      });
      const bound = 4 / Math.sqrt(n);
      for (const [i, x] of columns.entries()) {
        expect(Math.abs(mean(x))).toBeLessThan(bound);
        expect(Math.abs(mean(x.map((a) => a * a)) - 1)).toBeLessThan(bound * Math.SQRT2);
        // The fourth moment of a normal number is 3, with a standard deviation of √96.
        expect(Math.abs(mean(x.map((a) => a ** 4)) - 3)).toBeLessThan(bound * Math.sqrt(96));
        const shifted = x.map((a, s) => a * x[(s + 1) % n]!);
        expect(Math.abs(mean(shifted))).toBeLessThan(bound);
        for (const y of columns.slice(i + 1))
          expect(Math.abs(mean(x.map((a, s) => a * y[s]!)))).toBeLessThan(bound);
      }
    },
  );
});
