import { defineConfig } from "vitest/config";
import { filesWithExamples } from "./tooling/doctest/blocks.mjs";
import { doctest } from "./tooling/doctest/plugin.ts";

// Unit tests run from source: this condition comes before dist/ in every package's exports.
const conditions = ["@diffrax-ts/source"];

// A test that never ends has to be stopped; how long the others take is not theirs to judge.
const testTimeout = 120_000;

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { conditions },
        ssr: { resolve: { conditions, externalConditions: conditions } },
        test: {
          name: "unit",
          testTimeout,
          setupFiles: ["tooling/vitest/setup.ts"],
          include: [
            "packages/*/test/**/*.test.ts",
            "tooling/*/test/**/*.test.ts",
            "docs/examples/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", "**/test/browser/**"],
        },
      },
      {
        plugins: [doctest()],
        test: {
          name: "examples",
          testTimeout,
          include: filesWithExamples(),
          exclude: [],
          isolate: false,
        },
      },
    ],
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts"] },
  },
});
