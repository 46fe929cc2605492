import { decay, ofSpaceTime, ofSpaceTimeTime, phi1, phi2 } from "./LangevinCoefficient.ts";
import { type LangevinOptions, type LangevinSRK, langevinSRK } from "./langevinSRK.ts";
import type { LangevinMethod, LangevinStep, LangevinStepResult } from "./LangevinStep.ts";

type Name = "betaHalf" | "aHalf" | "bHalf" | "beta" | "a" | "b" | "aa" | "ch" | "ck";

/** The coefficients and the step of `ShOULD`. */
export const shouldMethod: LangevinMethod<Name, "SpaceTimeTimeLevyArea"> = /* @__PURE__ */ (() => ({
  source:
    "Foster, Lyons & Oberhauser (2021), The shifted ODE method for underdamped Langevin MCMC, definition 7.1, arXiv:2101.03446",
  minimalLevyArea: "SpaceTimeTimeLevyArea",
  coefficients: {
    betaHalf: decay(1 / 2, { power: 0, degree: 5 }),
    aHalf: phi1(1 / 2, { power: 1, degree: 4 }),
    bHalf: phi2(1 / 2, { power: 1, degree: 4 }),
    beta: decay(1, { power: 0, degree: 5 }),
    a: phi1(1, { power: 1, degree: 4 }),
    b: phi2(1, { power: 1, degree: 4 }),
    aa: phi1(1, { power: 0, degree: 5 }),
    ch: ofSpaceTime(),
    ck: ofSpaceTimeTime(),
  },
  isFsal: true,
  computeStep,
}))();

/**
 * The method "shifted ODE Runge–Kutta three": strong order 3, without an error estimate, for constant steps.
 *
 * Two evaluations of the gradient in each step after the first. Between the steps it is a straight line. It needs the space-time-time
 * Lévy area of the Brownian motion: `levyArea: "SpaceTimeTimeLevyArea"`. The terms are
 * `MultiTerm(UnderdampedLangevinDriftTerm(…), UnderdampedLangevinDiffusionTerm(…))`.
 *
 * @throws RangeError for a threshold below 0.
 * @see Foster, Lyons & Oberhauser (2021), The shifted ODE method for underdamped Langevin MCMC, definition 7.1, arXiv:2101.03446
 */
export function ShOULD(options?: LangevinOptions): LangevinSRK<"ShOULD"> {
  return langevinSRK("ShOULD", { order: 3, strongOrder: 3 }, shouldMethod, options);
}

function computeStep({
  f0,
  gradient,
  each,
}: LangevinStep<Name, "SpaceTimeTimeLevyArea">): LangevinStepResult {
  const xHalf = each(({ h, x, v, u, rho, W, H, K, c: { aHalf, bHalf } }, f0) => {
    const shifted = v.add(rho.mul(H.add(K.mul(6)))); //               v₀ + ρ (H + 6 K)
    const noise = rho.mul(W.sub(K.mul(12))); //                       ρ (W - 12 K)
    return x.add(aHalf.mul(shifted)).add(bHalf.mul(noise.sub(u.mul(h).mul(f0))));
  }, f0);
  const f1 = gradient(xHalf);
  const x = each(
    ({ h, x, v, u, rho, W, H, K, c: { a, b, ch, ck } }, f0, f1) =>
      x
        .add(a.mul(v))
        .sub(
          u
            .mul(h)
            .mul(b)
            .mul(f0.mul(1 / 3).add(f1.mul(2 / 3))),
        )
        .add(rho.mul(b.mul(W).add(ch.mul(H)).add(ck.mul(K)))),
    f0,
    f1,
  );
  const f2 = gradient(x);
  const v = each(
    ({ h, v, gamma, u, rho, W, H, K, c: { betaHalf, beta, aa, ch, ck } }, f0, f1, f2) => {
      const forces = beta
        .mul(1 / 6)
        .mul(f0)
        .add(betaHalf.mul(2 / 3).mul(f1))
        .add(f2.mul(1 / 6)); //                                        Simpson's rule
      const noise = aa.mul(W).sub(gamma.mul(ch.mul(H).add(ck.mul(K))));
      return beta.mul(v).sub(u.mul(h).mul(forces)).add(rho.mul(noise));
    },
    f0,
    f1,
    f2,
  );
  return { x, v, f: f2, vError: null };
}
