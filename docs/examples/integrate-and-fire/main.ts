// A neuron that gathers current until it fires: `npm run example -- integrate-and-fire`.
import { grad, type Scalar } from "@diffrax-ts/core";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { rateOf, spikeTime, stimulate } from "./neuron.ts";
import { picture } from "./picture.ts";

await example("integrate-and-fire", ({ quick }) => {
  const currents = Array.from({ length: quick ? 6 : 21 }, (_, i) => (quick ? 16 + 4 * i : 16 + i));
  const rates = currents.map((mean) => {
    const { spikes } = stimulate({ mean, swing: 0, period: 1 }, 2000);
    const gap = spikes.length > 1 ? spikes.at(-1).item() - spikes.at(-2).item() : Infinity;
    return { mean, rate: 1000 / gap, exact: rateOf(mean) };
  });
  console.log(
    table([
      ["current in mV", "spikes a second", "closed form", "difference"],
      ...rates
        .filter(({ mean }) => mean % 4 === 0)
        .map(({ mean, rate, exact }) => [
          String(mean),
          rate.toFixed(4),
          exact.toFixed(4),
          Math.abs(rate - exact).toExponential(0),
        ]),
    ]),
  );
  const drive = { mean: 18, swing: 8, period: 250 };
  const driven = stimulate(drive, quick ? 500 : 1000);
  const last = (mean: Scalar) => spikeTime(mean, drive.swing, drive.period, 10);
  console.log(
    `\n${driven.spikes.length} spikes with a current that swings. The tenth comes ${Math.abs(grad(last)(drive.mean)).toFixed(2)} ms ` +
      "earlier for each millivolt more.",
  );
  return picture(driven, rates);
});
