// Terms written as records infer the parameters of their functions from the state and the arguments.
import {
  diffeqsolve,
  Euler,
  Heun,
  KenCarp3,
  LinearInterpolation,
  type Path,
  PIDController,
  SemiImplicitEuler,
  type Solver,
  type StepSizeController,
  type Tensor,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import type { Key } from "@diffrax-ts/random";

declare const key: Key;
const motion = VirtualBrownianTree({ t0: 0, t1: 1, tol: 0.01, shape: [2], key });
const options = { t0: 0, t1: 1, dt0: 0.1 };

const stochastic = diffeqsolve(
  {
    drift: (_t, { x, v }, { k }) => ({ x: v, v: -k * x }),
    diffusion: (t, { x, v }, { s }) => ({ x: [s * x, t], v: [v, s] }),
    control: motion,
    noiseType: "general",
  },
  Heun(),
  { ...options, y0: { x: 1, v: 0 }, args: { k: 1, s: 0.1 } },
);
export const x: Tensor<readonly [number]> = stochastic.ys.x;

const controlled = diffeqsolve(
  { diffusion: (_t, [a, b]) => [a, b], control: LinearInterpolation([0, 1], [0, 1]) },
  Heun(),
  { ...options, y0: [1, 2], saveat: { steps: true } },
);
export const a: Tensor<readonly [number]> = controlled.ys[0];

diffeqsolve(
  { drift: (_t, y) => -y, diffusion: () => 0.1, control: (t0, t1) => Math.sin(t1 - t0) },
  KenCarp3(),
  { ...options, y0: 1 },
);

diffeqsolve(
  // @ts-expect-error -- the drift forgets v
  { drift: (_t, { x: p }) => ({ x: p }), diffusion: () => 1, control: motion },
  Heun(),
  { ...options, y0: { x: 1, v: 0 } },
);
diffeqsolve(
  // @ts-expect-error -- what drives it is missing
  { drift: (_t, y) => y, diffusion: () => 1 },
  Heun(),
  { ...options, y0: 1 },
);
diffeqsolve(
  // @ts-expect-error -- noise of a kind that there is not
  { drift: (_t, y) => y, diffusion: () => 1, control: motion, noiseType: "scalar" },
  Heun(),
  { ...options, y0: 1 },
);
diffeqsolve(
  // @ts-expect-error -- one equation for a solver of two
  { drift: (_t: number, y: number) => y, diffusion: () => 1, control: motion },
  SemiImplicitEuler(),
  { ...options, y0: [1, 1] },
);

// Functions of a solver, a controller and a path have types to write.
const along = (solver: Solver, control: Path, stepsizeController: StepSizeController): number =>
  diffeqsolve({ drift: (_t, y) => -y, diffusion: () => 0.1, control }, solver, {
    ...options,
    y0: 1,
    stepsizeController,
  })
    .ys.at(0)
    .item();
for (const solver of [Euler(), Heun()]) along(solver, motion, PIDController({ rtol: 1, atol: 1 }));
