// In a new process: how long the import takes, and the first gradient after it.
import process from "node:process";

const times = [performance.now()];
const { grad } = await import("@diffrax-ts/core");
times.push(performance.now());
const { lorenzArgs, lorenzEnd } = await import("../gradients.mjs");
const begin = performance.now();
grad(lorenzEnd(1))(lorenzArgs);
times.push(times[1] + performance.now() - begin);
process.stdout.write(
  JSON.stringify({ start: times[0], import: times[1] - times[0], gradient: times[2] - times[1] }),
);
