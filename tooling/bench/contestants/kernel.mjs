// One of the kernels of networks.mjs, for serve.mjs: `node serve.mjs "tanh, 4096" kernel float32`. A step is one turn.
import { kernelOf, turns } from "../networks.mjs";

/** @type {import("./serve.mjs").Prepare} */
export function prepare(_problem, _tol, name, dtype) {
  const run = kernelOf(name, dtype);
  return () => {
    run();
    return { steps: turns, y: [] };
  };
}
