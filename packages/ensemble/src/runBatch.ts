import type { Tensor } from "@diffrax-ts/pytree";
import type { BatchJobs } from "./BatchJobs.ts";
import type { RunOptions } from "./RunOptions.ts";
import type { Threads } from "./Threads.ts";

/**
 * Runs the jobs of batches in threads, several at a time, in order.
 *
 * @returns Of each batch the results, with a row per element.
 * @throws What the first job that failed throws, whatever the others do; the reason of the signal.
 */
export async function runBatch(
  batches: readonly BatchJobs[],
  threads: Threads,
  { signal, onProgress }: Required<RunOptions>,
): Promise<readonly (readonly Tensor[])[]> {
  const isAborted = (): boolean => signal?.aborted === true;
  if (isAborted()) throw signal!.reason;
  const todo = batches.flatMap((jobs) =>
    Array.from({ length: jobs.count }, (_, i) => ({ jobs, i, size: jobs.sizeOf(i) })),
  );
  const all = todo.reduce((sum, { size }) => sum + size, 0);
  let [next, done] = [0, 0];
  /** All before the first one that failed have been begun, and are waited for: one of them may fail as well. */
  let end = todo.length;
  let failure: unknown;
  const inTurn = async (): Promise<void> => {
    while (next < end) {
      const place = next++;
      const { jobs, i, size } = todo[place]!;
      try {
        jobs.take(i, await threads.run(jobs.job(i), signal));
        done += size;
        onProgress?.(done / all);
      } catch (error) {
        if (place < end) [end, failure] = [place, error];
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads.size, todo.length) }, inTurn));
  if (end < todo.length) throw isAborted() ? signal!.reason : failure;
  return batches.map((jobs) => jobs.results());
}
