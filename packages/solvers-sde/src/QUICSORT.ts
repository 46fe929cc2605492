import { decay, type LangevinCoefficient, phi1, phi2 } from "./LangevinCoefficient.ts";
import { type LangevinOptions, type LangevinSRK, langevinSRK } from "./langevinSRK.ts";
import type { LangevinMethod, LangevinStep, LangevinStepResult } from "./LangevinStep.ts";

type Place = "Left" | "Right" | "End";
type Name = `${"beta" | "a" | "b"}${Place}` | "aThird" | "aa";

/** The coefficients and the step of `QUICSORT`: gradients stand at both nodes of Gauß's rule of order 4. */
export const quicsortMethod: LangevinMethod<Name, "SpaceTimeTimeLevyArea"> =
  /* @__PURE__ */ (() => {
    const beta = (s: number): LangevinCoefficient => decay(s, { power: 0, degree: 5 });
    const a = (s: number): LangevinCoefficient => phi1(s, { power: 1, degree: 4 });
    const b = (s: number): LangevinCoefficient => phi2(s, { power: 1, degree: 4 });
    const [left, right] = [0.5 - Math.sqrt(3) / 6, 0.5 + Math.sqrt(3) / 6];
    return {
      source:
        "Foster, Lyons & Oberhauser (2021), The shifted ODE method for underdamped Langevin MCMC, definition 1.2, arXiv:2101.03446; " +
        "Chada, Leimkuhler, Paulin & Whalley (2024), Unbiased kinetic Langevin Monte Carlo with inexact gradients, arXiv:2311.05025",
      minimalLevyArea: "SpaceTimeTimeLevyArea",
      coefficients: {
        betaLeft: beta(left),
        betaRight: beta(right),
        betaEnd: beta(1),
        aLeft: a(left),
        aRight: a(right),
        aEnd: a(1),
        bLeft: b(left),
        bRight: b(right),
        bEnd: b(1),
        aThird: a(1 / 3),
        aa: phi1(1, { power: 0, degree: 5 }),
      },
      isFsal: false,
      computeStep,
    };
  })();

/**
 * The method "quadrature inspired and contractive shifted ODE with Runge–Kutta three": strong order 3, without an error estimate, for constant
 * steps.
 *
 * Two evaluations of the gradient in each step, neither of them at its ends. Between the steps it is a straight line. It needs the
 * space-time-time Lévy area of the Brownian motion: `levyArea: "SpaceTimeTimeLevyArea"`. The terms are
 * `MultiTerm(UnderdampedLangevinDriftTerm(…), UnderdampedLangevinDiffusionTerm(…))`.
 *
 * @throws RangeError for a threshold below 0.
 * @see Foster, Lyons & Oberhauser (2021), The shifted ODE method for underdamped Langevin MCMC, definition 1.2, arXiv:2101.03446, and
 * Chada, Leimkuhler, Paulin & Whalley (2024), Unbiased kinetic Langevin Monte Carlo with inexact gradients, arXiv:2311.05025
 */
export function QUICSORT(options?: LangevinOptions): LangevinSRK<"QUICSORT"> {
  return langevinSRK("QUICSORT", { order: 3, strongOrder: 3 }, quicsortMethod, options);
}

function computeStep({
  gradient,
  each,
}: LangevinStep<Name, "SpaceTimeTimeLevyArea">): LangevinStepResult {
  const shifted = each(({ v, rho, H, K }) => v.add(rho.mul(H.add(K.mul(6))))); //   ṽ = v₀ + ρ (H + 6 K)
  const noise = each(({ rho, W, K }) => rho.mul(W.sub(K.mul(12)))); //              ω = ρ (W - 12 K)
  const force = (x: ReturnType<typeof gradient>): typeof x =>
    each(({ h, u }, f) => f.mul(u.mul(h)), gradient(x));

  const xLeft = each(
    ({ x, c: { aLeft, bLeft } }, v, w) => x.add(aLeft.mul(v)).add(bLeft.mul(w)),
    shifted,
    noise,
  );
  const fLeft = force(xLeft);
  const xRight = each(
    ({ x, c: { aRight, bRight, aThird } }, v, w, f) =>
      x.add(aRight.mul(v)).add(bRight.mul(w)).sub(aThird.mul(f)),
    shifted,
    noise,
    fLeft,
  );
  const fRight = force(xRight);
  const x = each(
    ({ x, c: { aLeft, aRight, aEnd, bEnd } }, v, w, f, g) =>
      x
        .add(aEnd.mul(v))
        .add(bEnd.mul(w))
        .sub(aRight.mul(f).add(aLeft.mul(g)).mul(0.5)),
    shifted,
    noise,
    fLeft,
    fRight,
  );
  const v = each(
    ({ rho, H, K, c: { betaLeft, betaRight, betaEnd, aa } }, v, w, f, g) =>
      betaEnd
        .mul(v)
        .sub(betaRight.mul(f).add(betaLeft.mul(g)).mul(0.5))
        .add(aa.mul(w))
        .sub(rho.mul(H.sub(K.mul(6)))),
    shifted,
    noise,
    fLeft,
    fRight,
  );
  return { x, v, f: null, vError: null };
}
