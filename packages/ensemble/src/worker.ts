// What a worker runs: in Node the pool calls `runJob`, in a page jobs are messages.
import type { Job, Outcome } from "./Job.ts";
import { Runner } from "./Runner.ts";

/** What is used of the global object of a worker in a page. */
interface WorkerScope {
  readonly postMessage: (message: unknown, transfer: readonly ArrayBufferLike[]) => void;
  readonly addEventListener: (
    type: "message",
    listener: (event: { readonly data: Job }) => void,
  ) => void;
}

let runner: Runner | undefined;

/** Runs a job with what this thread has kept of others. */
export function runJob(job: Job): Outcome {
  return (runner ??= new Runner()).run(job);
}

if ("WorkerGlobalScope" in globalThis) {
  const scope = globalThis as unknown as WorkerScope;
  scope.addEventListener("message", ({ data }) => {
    const outcome = runJob(data);
    scope.postMessage(
      outcome,
      outcome.results.flatMap((bytes) => bytes?.buffer ?? []),
    );
  });
}
