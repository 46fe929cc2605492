// A stochastic equation learns to make paths like those of data: `npm run example -- neural-sde`.
import { jit, np, vmap } from "@diffrax-ts/core";
import { type Key, key, split, splitList } from "@diffrax-ts/random";
import { example } from "../shared/example.ts";
import { type Paths, paths, seen } from "./data.ts";
import { clipped, makeDiscriminator } from "./discriminator.ts";
import { generate, makeGenerator, type NeuralSDE } from "./generator.ts";
import { picture } from "./picture.ts";
import { distance } from "./sorted.ts";
import { train } from "./train.ts";

await example("neural-sde", ({ quick }) => {
  const [dataKey, gapsKey, unseenKey, generatorKey, discriminatorKey, trainKey, drawKey] =
    splitList(key(5678), 7);
  const ts = np.linspace(0, 15, 16);
  const data = seen(paths(ts, quick ? 64 : 8192, dataKey), gapsKey);
  const unseen = paths(ts, quick ? 64 : 2048, unseenKey);
  const draw = jit((generator: NeuralSDE, keys: Key): Paths =>
    vmap((one: Key) => generate(generator, ts, one))(keys),
  );
  const drawn = (generator: NeuralSDE): Paths => draw(generator, split(drawKey, unseen.length));

  const first = {
    generator: makeGenerator(generatorKey),
    discriminator: clipped(makeDiscriminator(discriminatorKey)),
  };
  const report = (when: string, generator: NeuralSDE): void =>
    console.log(`${when.padEnd(16)}   distance ${distance(drawn(generator), unseen).toFixed(3)}`);

  report("untrained", first.generator);
  const steps = quick ? 5 : 1000;
  const learningRates = { generator: 5e-4, discriminator: 2e-3 };
  const how = { ts, data, steps, learningRates, batchSize: quick ? 16 : 128, key: trainKey };
  let { generator } = first;
  for (const { step, generator: next } of train(first, how)) {
    generator = next;
    const done = step + 1;
    if (done % (steps / 5) !== 0) continue;
    report(`after ${String(done).padStart(4)} steps`, generator);
  }
  return picture(ts, unseen, drawn(generator));
});
