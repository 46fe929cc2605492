// In the tests of our packages traces that are found are made again and compared, often enough to find a function that uses what
// changes. Tests that count traces switch it off.
import { expect } from "vitest";
import { checkTraces } from "../../packages/autodiff/src/checkTraces.ts";

// oxlint-disable-next-line vitest/no-standalone-expect -- it alone knows which file is being run
if (expect.getState().testPath?.includes("/docs/examples/") !== true) checkTraces("rarely");
