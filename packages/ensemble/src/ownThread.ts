import { Runner } from "./Runner.ts";
import type { Threads } from "./Threads.ts";

/** No threads: jobs run where they are made, one in a turn of the event loop. */
export function ownThread(): Threads {
  const runner = new Runner();
  let isClosed = false;
  return {
    size: 1,
    run: async (job, signal) => {
      await new Promise<void>((resolve) => void setTimeout(resolve));
      if (isClosed || signal?.aborted === true) throw new Error("stopped");
      return runner.run(job);
    },
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
  };
}
