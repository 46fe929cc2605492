// One of the cases, for serve.mjs: `node serve.mjs "MLP, batched state" case`.
import { cases } from "../cases.mjs";

/** @type {import("./serve.mjs").Prepare} */
export function prepare(_problem, _tol, name) {
  const [f, ...args] = cases[name]();
  return () => {
    f(...args);
    return { steps: 0, y: [] };
  };
}
