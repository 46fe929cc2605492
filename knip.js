import { filesBelow, packageFolders } from "./tooling/files.mjs";

// Packages whose index.ts is still their only source may name dependencies that they do not use yet.
const placeholders = packageFolders()
  .filter((name) => filesBelow(`packages/${name}/src`, /\.ts$/).length === 1)
  .map((name) => [`packages/${name}`, { entry: ["test/types/*.ts"], ignoreDependencies: [/./] }]);

export default {
  // A table of instructions, as the specification has it.
  ignoreIssues: { "packages/compiler/src/wasm/opcodes.ts": ["exports", "nsExports"] },
  workspaces: {
    ".": {
      entry: ["tooling/*.mjs", "tooling/*/*.mjs", "tooling/browser/*.ts"],
      project: ["tooling/**/*.{ts,mjs}"],
    },
    "packages/*": { entry: ["test/types/*.ts"] },
    "packages/ensemble": { entry: ["src/worker.ts", "test/types/*.ts", "test/support/*.mjs"] },
    "tooling/types": { entry: ["*.ts"] },
    "tooling/bits": { entry: ["main.mjs", "float32.mjs", "otherNodes.mjs", "test/**/*.test.ts"] },
    "tooling/testkit": { entry: ["test/**/*.test.ts"] },
    "tooling/bench": {
      entry: ["main.mjs", "longSolves.mjs", "contestants/*.mjs"],
      ignoreBinaries: ["cc", "taskset"],
    },
    ...Object.fromEntries(placeholders),
    "docs/examples": { entry: ["*/main.ts", "*/page.ts", "*/vite.config.ts"], project: ["*/*.ts"] },
  },
};
