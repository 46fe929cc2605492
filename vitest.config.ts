import { defineConfig } from "vitest/config";
import { filesWithExamples } from "./tooling/doctest/blocks.mjs";
import { doctest } from "./tooling/doctest/plugin.ts";

// Unit tests run from source: this condition comes before dist/ in every package's exports.
const conditions = ["@diffrax-ts/source"];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { conditions },
        ssr: { resolve: { conditions, externalConditions: conditions } },
        test: {
          name: "unit",
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
        test: { name: "examples", include: filesWithExamples(), exclude: [], isolate: false },
      },
    ],
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts"] },
  },
});
