import { decay, ofSpaceTime, phi1, phi2 } from "./LangevinCoefficient.ts";
import { type LangevinOptions, type LangevinSRK, langevinSRK } from "./langevinSRK.ts";
import type { LangevinMethod, LangevinStep, LangevinStepResult } from "./LangevinStep.ts";

type Name = "beta" | "a" | "b" | "aa" | "ch";

/** The coefficients and the step of `ALIGN`. */
export const alignMethod: LangevinMethod<Name, "SpaceTimeLevyArea"> = /* @__PURE__ */ (() => ({
  source:
    "Foster, Lyons & Oberhauser (2021), The shifted ODE method for underdamped Langevin MCMC, definition 4.2, arXiv:2101.03446",
  minimalLevyArea: "SpaceTimeLevyArea",
  coefficients: {
    beta: decay(1, { power: 0, degree: 5 }),
    a: phi1(1, { power: 1, degree: 4 }),
    b: phi2(1, { power: 1, degree: 4 }),
    aa: phi1(1, { power: 0, degree: 5 }),
    ch: ofSpaceTime(),
  },
  isFsal: true,
  computeStep,
}))();

/**
 * The method "adaptive Langevin via interpolated gradients and noise": strong order 2, with an error estimate of the velocity, for
 * adaptive steps.
 *
 * One evaluation of the gradient in each step after the first. Between the steps it is a straight line. It needs
 * the space-time Lévy area of the Brownian motion: `levyArea: "SpaceTimeLevyArea"`, or more. The terms are
 * `MultiTerm(UnderdampedLangevinDriftTerm(…), UnderdampedLangevinDiffusionTerm(…))`.
 *
 * @throws RangeError for a threshold below 0.
 * @see Foster, Lyons & Oberhauser (2021), The shifted ODE method for underdamped Langevin MCMC, arXiv:2101.03446, of which it
 * modifies the Strang splitting of definition 4.2
 */
export function ALIGN(options?: LangevinOptions): LangevinSRK<"ALIGN"> {
  return langevinSRK("ALIGN", { order: 2, strongOrder: 2 }, alignMethod, options);
}

function computeStep({
  f0,
  gradient,
  each,
}: LangevinStep<Name, "SpaceTimeLevyArea">): LangevinStepResult {
  const x = each(
    ({ h, x, v, u, rho, W, H, c: { a, b, ch } }, f0) =>
      x
        .add(a.mul(v))
        .sub(b.mul(u.mul(h)).mul(f0))
        .add(rho.mul(b.mul(W).add(ch.mul(H)))), //                      x₁ = x₀ + a v₀ - b u h f₀ + ρ (b W + c H)
    f0,
  );
  const f1 = gradient(x);
  const v = each(
    ({ v, gamma, u, rho, W, H, c: { beta, a, b, aa, ch } }, f0, f1) =>
      beta
        .mul(v)
        .sub(u.mul(a.sub(b).mul(f0).add(b.mul(f1))))
        .add(rho.mul(aa.mul(W).sub(gamma.mul(ch).mul(H)))), //          v₁ = β v₀ - u ((a - b) f₀ + b f₁) + ρ (a W/h - γ c H)
    f0,
    f1,
  );
  const vError = each(({ u, c: { b } }, f0, f1) => u.neg().mul(b).mul(f1.sub(f0)), f0, f1);
  return { x, v, f: f1, vError };
}
