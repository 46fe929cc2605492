import { DirectBrownianPath, UnsafeBrownianPath, VirtualBrownianTree } from "@diffrax-ts/brownian";
import { jit } from "@diffrax-ts/autodiff";
import { asTensor } from "@diffrax-ts/array";
import { levyAreas } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { key } from "@diffrax-ts/random";
import { describe, expect, test } from "vitest";

const numArrays = 40;
/** Arrays that are alike, which are drawn together; and the same at every other place, between others, which are drawn one by one. */
const together = Array.from({ length: numArrays }, (): readonly number[] => [2]);
const apart = together.map((shape, i) => (i % 2 === 0 ? shape : [3]));

type Increment = Readonly<
  Record<"dt", Tensor> & Partial<Record<"W" | "H" | "K", readonly Tensor[]>>
>;
type Interval = (t0: Scalar, t1: Scalar) => unknown;

/** Every other array of W, H and K. */
function everyOther(interval: Interval): unknown {
  const [t0, t1] = [asTensor(0.25), asTensor(0.625)] as const;
  const { W, H = [], K = [] } = jit(interval)(t0, t1) as Increment;
  return [W!, H, K].map((arrays) => arrays.filter((_, i) => i % 2 === 0).map((x) => x.toArray()));
}

describe.each(levyAreas)("%s", (levyArea) => {
  const options = { key: key(3), levyArea };

  test("of a VirtualBrownianTree over many arrays that are alike is that of each", () => {
    const over = (shape: readonly (readonly number[])[]) => {
      const path = VirtualBrownianTree({ ...options, t0: 0, t1: 1, tol: 2 ** -6, shape });
      return everyOther((t0, t1) => path.evaluate(t0, t1, true, true));
    };
    expect(over(together)).toEqual(over(apart));
  });

  test("of an UnsafeBrownianPath over many arrays that are alike is that of each", () => {
    const over = (shape: readonly (readonly number[])[]) => {
      const path = UnsafeBrownianPath({ ...options, shape });
      return everyOther((t0, t1) => path.evaluate(t0, t1, true, true));
    };
    expect(over(together)).toEqual(over(apart));
  });

  test("of a DirectBrownianPath over many arrays that are alike has the numbers of one array of all of them", () => {
    const over = (shape: readonly (readonly number[])[] | readonly number[]) => {
      const path = DirectBrownianPath({ ...options, shape });
      const increments = jit((t0: Scalar, t1: Scalar): object => {
        const step = path.over(path.init(t0), t0, t1);
        return step.path.evaluate(t0, t1, true, true);
      })(asTensor(0), asTensor(0.5)) as Readonly<Record<string, unknown>>;
      return increments;
    };
    const fewer = over(together.slice(0, 15)); // drawn one by one
    const all = over(together);
    for (const name of ["W", "H", "K"]) {
      const [some, many] = [fewer, all].map((one) => (one[name] ?? []) as readonly Tensor[]);
      expect(many!.slice(0, some!.length).map((x) => x.toArray())).toEqual(
        some!.map((x) => x.toArray()),
      );
    }
  });
});
