import { batches } from "./items/batches.mjs";
import { functions } from "./items/functions.mjs";
import { gradients } from "./items/gradients.mjs";
import { networks } from "./items/networks.mjs";
import { solves } from "./items/solves.mjs";

/** What is computed, by a name. @type {Record<string, () => unknown>} */
export const items = { ...solves, ...gradients, ...batches, ...networks, ...functions };
