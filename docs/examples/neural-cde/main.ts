// A network reads paths and says which way they turn: `npm run example -- neural-cde`.
import { jit, np } from "@diffrax-ts/core";
import { key, split } from "@diffrax-ts/random";
import { example } from "../shared/example.ts";
import { assess, makeModel } from "./model.ts";
import { picture } from "./picture.ts";
import { spirals } from "./spirals.ts";
import { train } from "./train.ts";

await example("neural-cde", ({ quick }) => {
  const keys = split(key(5678), 4);
  const ts = np.linspace(0, 4 * Math.PI, 100);
  const data = spirals(ts, 256, keys.at(0));
  const unseen = spirals(ts, 256, keys.at(1));

  let model = makeModel(keys.at(2));
  const how = {
    ts,
    data,
    steps: quick ? 2 : 20,
    learningRate: 1e-2,
    batchSize: 32,
    key: keys.at(3),
  };
  for (const { step, model: next, loss, accuracy } of train(model, how)) {
    model = next;
    const right = `${(100 * accuracy).toFixed(0)} %`.padStart(5);
    console.log(`step ${String(step).padStart(2)}   loss ${loss.toFixed(4)}   right ${right}`);
  }

  const [loss, accuracy] = jit(assess)(model, ts, unseen);
  const right = `${(100 * accuracy.item()).toFixed(1)} %`;
  console.log(`\nof 256 spirals not seen before: loss ${loss.item().toFixed(4)}, right ${right}`);
  return picture(model, ts, unseen);
});
