// What infers in solves that live, and what does not compile.
import {
  diffeqsolveAsync,
  diffeqsolveStream,
  integrator,
  type Integrator,
  np,
  prepare,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
} from "@diffrax-ts/core";

const times = { t0: 0, t1: 1, dt0: 0.1 };
const lorenz = (
  t: number,
  [x, y, z]: readonly [number, number, number],
  { rho }: { readonly rho: number },
) => [10 * (y - x), x * (rho - z) - y, x * y - z] as const;
const given = { ...times, y0: [1, 1, 1], args: { rho: 28 } } as const;

// The state is a tuple: so is what is saved.
const solution = await diffeqsolveAsync(lorenz, Tsit5(), {
  ...given,
  saveat: { ts: np.linspace(0, 1, 5) },
  budgetMs: 4,
  onProgress: (progress, { t, numSteps }) => void [progress, t, numSteps],
});
export const x: Tensor<readonly [number]> = solution.ys[0];
// @ts-expect-error -- there are three
export const fourth: unknown = solution.ys[3];
export const steps: number = solution.stats.numSteps;

// Functions written in place get their types from the state and the arguments.
const inPlace = await diffeqsolveAsync(
  (_t, { prey, predator }, { a }) => ({ prey: a * prey - predator, predator }),
  Tsit5(),
  {
    ...times,
    y0: { prey: 10, predator: 10 },
    args: { a: 0.1 },
    saveat: { fn: (t, { prey }) => t + prey },
  },
);
export const sum: Tensor<readonly [number]> = inPlace.ys;
export const several: {
  readonly a: Tensor<readonly [number]>;
  readonly b: { readonly q: Tensor };
} = (
  await diffeqsolveAsync((_t, y) => y, Tsit5(), {
    ...times,
    y0: 1,
    saveat: { subs: { a: { steps: true }, b: { t1: true, fn: (t: number) => ({ q: t }) } } },
  })
).ys;
export const nothing: null = (
  await diffeqsolveAsync((_t, y) => y, Tsit5(), { ...times, y0: 1, saveat: { dense: true } })
).ys;

// @ts-expect-error -- it is a promise
export const tooEarly: unknown = diffeqsolveAsync(lorenz, Tsit5(), given).ys;
// @ts-expect-error -- there is no such option
await diffeqsolveAsync(lorenz, Tsit5(), { ...given, budget: 8 });
// @ts-expect-error -- a signal, not its controller
await diffeqsolveAsync(lorenz, Tsit5(), { ...given, signal: { abort: () => undefined } });
// @ts-expect-error -- the predator is left out
await diffeqsolveAsync((_t, { prey }) => ({ prey }), Tsit5(), {
  ...times,
  y0: { prey: 1, predator: 1 },
});

// Chunks are like the solution.
const stream = diffeqsolveStream(lorenz, Tsit5(), { ...given, saveat: { steps: true } });
for await (const { ts, ys, t } of stream) {
  const [first, , third]: readonly [Tensor, Tensor, Tensor] = ys;
  const now: number = t;
  void [ts.at(0).item(), first.length, third, now];
}
export const ended: string = (await stream.solution).result;
// @ts-expect-error -- dense output is no rows
diffeqsolveStream(lorenz, Tsit5(), { ...given, saveat: { dense: true } });

// The state of an integrator has the structure of y0, and is set with numbers.
const live = integrator(lorenz, Tsit5(), given);
export const z: Scalar = live.y[2];
export const between: readonly [Scalar, Scalar, Scalar] = live.at(0.5);
live.y = [1, 2, 3];
live.y = live.at(1);
live.args = { rho: 14 };
// @ts-expect-error -- three numbers
live.y = [1, 2];
// @ts-expect-error -- by another name
live.args = { sigma: 1 };
export const goesOn: boolean = live.step();
export const arrived: Promise<boolean> = live.advance({ until: 1, budgetMs: 8 });
// @ts-expect-error -- time does not change by itself
live.t = 3;
export const rows: Tensor<readonly [number]> = live.solution().ys[0];

const other = integrator.fromJSON(JSON.stringify(live), lorenz, Tsit5(), given);
export const again: Scalar = other.y[0];
integrator.fromJSON(live.toJSON(), lorenz, Tsit5(), given);
// @ts-expect-error -- what was saved comes first
integrator.fromJSON(lorenz, Tsit5(), given);

const spring = integrator(
  (_t, { position, speed }, k) => ({ position: speed, speed: -k * position }),
  Tsit5(),
  {
    ...times,
    y0: { position: 1, speed: 0 },
    args: 2,
  },
);
spring.args = 3;
export const speed: Scalar = spring.y.speed;

/** One that is kept in a variable of its own. */
export function show(one: Integrator<{ position: Scalar; speed: Scalar }, number>): string {
  return `${one.t}: ${one.y.position.item()}, ${one.result ?? "goes on"}`;
}
show(spring);

export const ms: number = prepare(lorenz, Tsit5(), given).prepareMs;
prepare(
  traced((_t: Scalar, y: Scalar) => y),
  Tsit5(),
  { ...times, y0: 1, saveat: { subs: [{ steps: true }] } },
);
