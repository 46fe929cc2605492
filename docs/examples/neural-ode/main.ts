// A network learns a vector field from paths of it: `npm run example -- neural-ode`.
import { np } from "@diffrax-ts/core";
import { key, split } from "@diffrax-ts/random";
import { example } from "../shared/example.ts";
import { learn } from "./learn.ts";
import { loss } from "./model.ts";
import { oscillators } from "./oscillators.ts";
import { picture } from "./picture.ts";

await example("neural-ode", ({ quick }) => {
  const keys = split(key(5678), 4);
  const ts = np.linspace(0, 10, 100);
  const ys = oscillators(ts, 256, keys.at(0));
  const unseen = oscillators(ts, 256, keys.at(3));

  const steps = quick ? 10 : 500;
  const model = learn({ ts, ys, steps, keys: { model: keys.at(1), order: keys.at(2) } });

  console.log(`loss ${loss(model, ts, ys).item().toFixed(5)} of the paths that it learnt from`);
  console.log(`loss ${loss(model, ts, unseen).item().toFixed(5)} of as many that it has not seen`);
  return picture(model, ts, unseen);
});
