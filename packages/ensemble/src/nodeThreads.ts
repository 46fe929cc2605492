import type { Tinypool } from "tinypool";
import type { Job, Outcome } from "./Job.ts";
import type { ScriptUrl } from "./options.ts";
import type { AbortSignalLike } from "./RunOptions.ts";
import { lostThread, type Threads } from "./Threads.ts";

/** Worker threads of Node, in a pool of tinypool, which is loaded for the first job: pages do without. */
class NodeThreads implements Threads {
  readonly size: number;
  readonly #url: ScriptUrl | null;
  #pool: Promise<Tinypool> | undefined;
  /** Tells those that wait what went wrong. */
  readonly #waiting = new Set<(cause: unknown) => void>();
  readonly #watched = new WeakSet<object>();
  /** Pools and threads that we ended. */
  readonly #ended = new WeakSet<object>();

  constructor(size: number, url: ScriptUrl | null) {
    this.size = size;
    this.#url = url;
  }

  async run(job: Job, signal: AbortSignalLike | null): Promise<Outcome> {
    const pool = await (this.#pool ??= this.#start());
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown): void => reject(lostThread(cause));
      this.#waiting.add(fail);
      const end = (): void => void this.#waiting.delete(fail);
      pool
        .run(job, { signal: signal as AbortSignal | null })
        .finally(end)
        .then(resolve as (outcome: unknown) => void, fail);
      this.#watch(pool);
    });
  }

  async close(): Promise<void> {
    const pool = await this.#pool?.catch(() => undefined);
    if (pool !== undefined) await this.#giveUp(pool, "it was closed");
  }

  async #start(): Promise<Tinypool> {
    const { Tinypool: Pool } = (await load("tinypool")) as { readonly Tinypool: typeof Tinypool };
    const pool = new Pool({
      filename: String(this.#url ?? workerUrl()),
      name: "runJob",
      minThreads: this.size,
      maxThreads: this.size,
      execArgv: [], // those of this process may be for its own script
    });
    pool.on("error", (error) => void this.#giveUp(pool, error));
    return pool;
  }

  /** The pool does not notice threads that just end. */
  #watch(pool: Tinypool): void {
    for (const thread of pool.threads) {
      if (this.#watched.has(thread)) continue;
      this.#watched.add(thread);
      thread.on("exit", (code) => {
        // Those that it ended itself are no longer among its threads.
        if (pool.threads.includes(thread) && !this.#ended.has(thread))
          void this.#giveUp(pool, `it ended with code ${code}`);
      });
    }
  }

  /**
   * Nothing is done by this pool any more, and there will be another. Its own `destroy` is not for this: it waits for threads to end in a way in which
   * it does not bear that one fails meanwhile.
   */
  async #giveUp(pool: Tinypool, cause: unknown): Promise<void> {
    if (this.#ended.has(pool)) return;
    this.#ended.add(pool);
    this.#pool = undefined;
    for (const fail of this.#waiting) fail(cause);
    this.#waiting.clear();
    for (const thread of pool.threads) this.#ended.add(thread);
    await Promise.all(pool.threads.map((thread) => thread.terminate()));
  }
}

/** By a name that is not written in the import, not even in a variable beside it: bundlers for pages would follow it. */
async function load(name: string): Promise<unknown> {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ name);
}

/** Beside what is published. From the sources it is the one that was built, for Node 20 reads no TypeScript. */
function workerUrl(): URL {
  const { url } = import.meta;
  return new URL(url.endsWith(".ts") ? "../dist/worker.js" : "./worker.js", url);
}

/** Threads of Node. */
export function nodeThreads(size: number, url: ScriptUrl | null): Threads {
  return new NodeThreads(size, url);
}
