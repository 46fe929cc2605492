import { build } from "esbuild";
import { describe, expect, test } from "vitest";

/** The sources of which something is left in the minified bundle of an application, relative to `packages/`. */
async function bundledFrom(app: string): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: { contents: app, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    metafile: true,
    conditions: ["@diffrax-ts/source"],
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path.replace(/^.*?packages\//, ""));
}

/** The rules of each transformation, and the transformations themselves, have a folder. */
const derivativeRules = /^autodiff\/src\/(jvp|transpose)\//;
const batchingRules = /^autodiff\/src\/batch\//;
const reader = /^plain\/|acorn/;

const forward = `
  import { diffeqsolve, PIDController, Tsit5, np } from "@diffrax-ts/core";
  console.log(diffeqsolve((t, y) => -y, Tsit5(), {
    t0: 0, t1: 1, dt0: null, y0: 1, stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-9 }),
    saveat: { dense: true, ts: np.linspace(0, 1, 5) },
  }));`;

describe("a bundle", () => {
  test("of an application that only solves holds no rule of a derivative or of batching", async () => {
    const files = await bundledFrom(forward);
    expect(files.filter((file) => derivativeRules.test(file))).toEqual([]);
    expect(files.filter((file) => batchingRules.test(file))).toEqual([]);
    expect(files.filter((file) => reader.test(file)).length).toBeGreaterThan(5);
  });

  test("of integrate, terms and a solver holds no reader of plain functions and no parser", async () => {
    const files = await bundledFrom(`
      export { diffeqsolve } from "../../integrate/src/index.ts";
      export { ODETerm } from "../../terms/src/index.ts";
      export { Tsit5 } from "../../solvers/src/index.ts";`);
    expect(files).toContain("solvers/src/Tsit5.ts");
    expect(files.filter((file) => reader.test(file))).toEqual([]);
    expect(files.filter((file) => derivativeRules.test(file))).toEqual([]);
  });

  test("holds random numbers where a key is made, and none where nothing is random", async () => {
    const ofRandom = (file: string): boolean => file.startsWith("random/");
    const noisy = `import { random } from "@diffrax-ts/core"; console.log(random.key(0));`;
    expect(await bundledFrom(noisy)).toContain("random/src/key.ts");
    expect((await bundledFrom(forward)).filter(ofRandom)).toEqual([]);
  });

  test("holds one solver of many, and no controller that is not used", async () => {
    const files = await bundledFrom(forward);
    expect(files).not.toContain("solvers/src/Dopri8.ts");
    expect(files).not.toContain("step-size-controllers/src/StepTo.ts");
  });

  test("holds the rules of the derivatives that it asks for", async () => {
    const files = await bundledFrom(`export { grad, vmap } from "@diffrax-ts/core";`);
    expect(files.some((file) => derivativeRules.test(file))).toBe(true);
    expect(files.some((file) => batchingRules.test(file))).toBe(true);
  });
});
