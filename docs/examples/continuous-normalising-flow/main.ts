// A flow that carries noise to an image: `npm run example -- continuous-normalising-flow`.
import { jit } from "@diffrax-ts/core";
import { key, splitList } from "@diffrax-ts/random";
import { example } from "../shared/example.ts";
import { makeFlow } from "./flow.ts";
import { cat, entropyOf, pointsOf } from "./image.ts";
import { picture } from "./picture.ts";
import { loss, train } from "./train.ts";

await example("continuous-normalising-flow", ({ quick }) => {
  const [flowKey, trainKey, unseenKey, pictureKey] = splitList(key(5678), 4);
  const image = cat(64);
  const unseen = pointsOf(image, 4096, unseenKey);
  const lossOf = jit(loss);

  let flow = makeFlow(32, flowKey);
  const steps = quick ? 5 : 2500;
  const how = { image, steps, learningRate: 2e-2, batchSize: 128, key: trainKey };
  for (const { step, flow: next } of train(flow, how)) {
    flow = next;
    const done = step + 1;
    if (done % (steps / 5) !== 0) continue;
    console.log(
      `after ${String(done).padStart(4)} steps   loss ${lossOf(flow, unseen).item().toFixed(3)}`,
    );
  }
  const entropy = entropyOf(image);
  const divergence = lossOf(flow, unseen).item() - entropy;
  console.log(
    `\nentropy of the image ${entropy.toFixed(3)}, divergence from it ${divergence.toFixed(3)}`,
  );
  return picture(flow, image, pictureKey);
});
