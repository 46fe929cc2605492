import { nodeThreads } from "./nodeThreads.ts";
import { ownThread } from "./ownThread.ts";
import type { ScriptUrl } from "./options.ts";
import type { Threads } from "./Threads.ts";
import { webThreads } from "./webThreads.ts";

/** What is asked of the platform. */
interface Platform {
  readonly process?: {
    readonly versions?: { readonly node?: string; readonly bun?: string };
    readonly getBuiltinModule?: (name: "node:os") => {
      readonly availableParallelism: () => number;
    };
  };
  readonly Deno?: unknown;
  readonly Worker?: unknown;
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly crossOriginIsolated?: boolean;
}

/** Threads of this platform, so many; with none, jobs run in this one. */
export function startThreads(size: number, url: ScriptUrl | null): Threads {
  if (size === 0) return ownThread();
  return isNode() ? nodeThreads(size, url) : webThreads(size, url);
}

/** How many threads run at the same time here. */
export function numProcessors(): number {
  const { navigator, process } = globalThis as Platform;
  return (
    navigator?.hardwareConcurrency ??
    process?.getBuiltinModule?.("node:os").availableParallelism() ??
    1
  );
}

/** Whether threads can see the memory of one another: in pages only where they are isolated from other origins. */
export function canShare(): boolean {
  const { crossOriginIsolated } = globalThis as Platform;
  return typeof SharedArrayBuffer === "function" && crossOriginIsolated !== false;
}

/** Deno and Bun have the workers of pages. */
function isNode(): boolean {
  const { process, Deno } = globalThis as Platform;
  return (
    process?.versions?.node !== undefined &&
    process.versions.bun === undefined &&
    Deno === undefined
  );
}
