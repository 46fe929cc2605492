import type { Job, Outcome } from "./Job.ts";
import type { ScriptUrl } from "./options.ts";
import type { AbortSignalLike } from "./RunOptions.ts";
import { lostThread, type Threads } from "./Threads.ts";

interface Task {
  readonly job: Job;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

/** A worker, and what it does. */
interface Thread {
  readonly worker: Worker;
  task: Task | null;
}

/** Web workers, made when there is something to do for them. */
class WebThreads implements Threads {
  readonly size: number;
  readonly #url: ScriptUrl | null;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Task[] = [];

  constructor(size: number, url: ScriptUrl | null) {
    this.size = size;
    this.#url = url;
  }

  async run(job: Job, signal: AbortSignalLike | null): Promise<Outcome> {
    let stop = (): void => {};
    try {
      return await new Promise((resolve, reject) => {
        const task = { job, resolve, reject };
        stop = () => this.#stop(task, signal?.reason);
        signal?.addEventListener("abort", stop);
        this.#waiting.push(task);
        this.#goOn();
      });
    } catch (error) {
      throw lostThread(error);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  close(): Promise<void> {
    for (const task of this.#waiting.splice(0)) task.reject("it was closed");
    for (const thread of this.#threads) this.#end(thread, "it was closed");
    return Promise.resolve();
  }

  /** Gives what waits to threads that do nothing. */
  #goOn(): void {
    while (this.#waiting.length > 0) {
      let thread = [...this.#threads].find(({ task }) => task === null);
      if (thread === undefined && this.#threads.size === this.size) return;
      const task = this.#waiting.shift()!;
      try {
        thread ??= this.#newThread();
        thread.task = task;
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
        thread.worker.postMessage(task.job);
      } catch (error) {
        if (thread !== undefined) this.#end(thread, error);
        task.reject(error);
      }
    }
  }

  #newThread(): Thread {
    const thread: Thread = { worker: newWorker(this.#url), task: null };
    const { worker } = thread;
    worker.addEventListener("message", ({ data }) => {
      thread.task?.resolve(data as Outcome);
      thread.task = null;
      this.#goOn();
    });
    worker.addEventListener("messageerror", () => this.#end(thread, "its answer cannot be read"));
    worker.addEventListener("error", (event) => {
      event.preventDefault(); // it is told to those who wait for it
      this.#end(thread, event.message ?? "its script cannot be loaded");
    });
    this.#threads.add(thread);
    return thread;
  }

  #stop(task: Task, reason: unknown): void {
    const place = this.#waiting.indexOf(task);
    if (place >= 0) this.#waiting.splice(place, 1);
    for (const thread of this.#threads) if (thread.task === task) this.#end(thread, reason);
    task.reject(reason);
  }

  /** What runs in WebAssembly cannot be ended otherwise. */
  #end(thread: Thread, reason: unknown): void {
    thread.worker.terminate();
    this.#threads.delete(thread);
    thread.task?.reject(reason);
    this.#goOn();
  }
}

function newWorker(url: ScriptUrl | null): Worker {
  if (url !== null) return new Worker(typeof url === "string" ? url : url.href, { type: "module" });
  // In one piece: that is what bundlers look for.
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}

/**
 * Threads of a page.
 *
 * @param url - The script of the workers, if it is not beside this one.
 */
export function webThreads(size: number, url: ScriptUrl | null): Threads {
  return new WebThreads(size, url);
}
