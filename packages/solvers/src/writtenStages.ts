import { add, mul, sub } from "@diffrax-ts/array";
import type { Tree } from "@diffrax-ts/protocol";
import { addScaled } from "./scaledSum.ts";
import type { Stages, StageStart } from "./Stages.ts";

/** The stages one after the other. */
export function writtenStages({
  tableau: { c, aLower },
  term,
  t0,
  t1,
  y0,
  args,
  control,
  k0,
  fsal,
}: StageStart): Stages {
  const dt = sub(t1, t0);
  const k = [k0];
  let yLast = y0;
  let fLast: Tree = null;
  for (const [i, a] of aLower.entries()) {
    yLast = addScaled(y0, a, k); //                                              yᵢ = y₀ + Σⱼ aᵢⱼ kⱼ
    const t = c[i] === 1 ? t1 : add(t0, mul(dt, c[i]!)); //          tᵢ = t₀ + cᵢ Δt
    if (fsal) {
      fLast = term.vf(t, yLast, args);
      k.push(term.prod(fLast, control)); //                                      kᵢ = f(tᵢ, yᵢ) Δx
    } else k.push(term.vfProd(t, yLast, args, control));
  }
  return { k, yLast, fLast };
}
