// An equation for paths that are seen at random times, and draws from it: `npm run example -- latent-ode`.
import { jit } from "@diffrax-ts/core";
import { key, splitList } from "@diffrax-ts/random";
import { example } from "../shared/example.ts";
import { loss, makeModel } from "./model.ts";
import { oscillators } from "./oscillators.ts";
import { picture, type Stage } from "./picture.ts";
import { train } from "./train.ts";

await example("latent-ode", ({ quick }) => {
  const [dataKey, unseenKey, modelKey, trainKey, testKey, drawKey] = splitList(key(5678), 6);
  const data = oscillators(quick ? 512 : 10_000, dataKey);
  const unseen = oscillators(quick ? 64 : 2048, unseenKey);

  const first = makeModel(modelKey);
  const steps = quick ? 5 : 250;
  const how = { data, steps, learningRate: 1e-2, batchSize: quick ? 64 : 256, key: trainKey };
  const stages: Stage[] = [{ steps: 0, model: first }];
  for (const { step, model, loss: value } of train(first, how)) {
    const done = step + 1;
    if (done % (steps / 5) !== 0) continue;
    stages.push({ steps: done, model });
    console.log(`after ${String(done).padStart(3)} steps   loss ${value.toFixed(2)}`);
  }

  const { model } = stages.at(-1)!;
  const bound = jit(loss)(model, unseen, testKey).item();
  console.log(`\nof ${unseen.ts.length} paths not seen before: loss ${bound.toFixed(2)}`);
  return picture(stages, unseen, drawKey);
});
