// A filter that finds the state of an oscillator in noise, tuned by gradients: `npm run example -- kalman-filter`.
import { example } from "../shared/example.ts";
import type { Tuning } from "./kalmanFilter.ts";
import { observe } from "./oscillator.ts";
import { picture } from "./picture.ts";
import { tune } from "./tune.ts";

await example("kalman-filter", ({ quick }) => {
  const observation = observe(0.3);
  const first: Tuning = {
    qRoot: [
      [0.1, 0],
      [0, 0.1],
    ],
    rRoot: 1,
  };
  const steps = quick ? 21 : 201;
  let tuned: Tuning<unknown> = first;
  for (const [step, { error, tuning }] of [...tune(first, observation, steps)].entries()) {
    if (step % (quick ? 5 : 20) === 0)
      console.log(
        `after ${String(step).padStart(3)} steps   mean square error ${error.toFixed(4)}`,
      );
    tuned = tuning;
  }
  return picture(observation, { "as guessed": first, tuned });
});
