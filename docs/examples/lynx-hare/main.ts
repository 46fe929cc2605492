// The main job, run by `npm start`. What it will do is not written yet.
import * as core from "@diffrax-ts/core";

console.log(`lynx and hare: not written yet (core exports ${Object.keys(core).length} names)`);
