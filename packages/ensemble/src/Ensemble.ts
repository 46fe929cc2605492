/// <reference lib="esnext.disposable" preserve="true" />
import {
  type Axes,
  type Batch,
  batchWork,
  type BatchWork,
  type LikeArguments,
  likeLeaf,
  type ValueAndGrad,
  type ValueOf,
} from "@diffrax-ts/autodiff";
import type { CompiledProgram } from "@diffrax-ts/compiler";
import {
  type Callable,
  checkOptions,
  type Concrete,
  describeValue,
  flatten,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import { BatchJobs, type NumberedProgram } from "./BatchJobs.ts";
import { groupGradient, groupSize, sumOfRows } from "./gradient.ts";
import type { EnsembleOptions, GradientOptions, MapOptions } from "./options.ts";
import { runBatch } from "./runBatch.ts";
import { checkRunOptions, type RunOptions } from "./RunOptions.ts";
import { stackTrees, unstackTrees } from "./stack.ts";
import { canShare, numProcessors, startThreads } from "./startThreads.ts";
import type { Threads } from "./Threads.ts";

type Args = readonly unknown[];

/** The arguments of a function for a batch. */
type BatchOf<Parameters extends Args> = {
  [Key in keyof Parameters]: Concrete<Parameters[Key]> | Concrete<Batch<Parameters[Key], Axes>>;
};

/**
 * A pool of threads that share out batches.
 *
 * Functions are traced and compiled here, once; threads get the compiled module, and elements of the batch in turn as they have done others.
 * What they give has the bits of one thread.
 */
export interface Ensemble extends AsyncDisposable {
  /** How many threads there are. */
  readonly workers: number;

  /**
   * A function of one as a function of a batch, as `vmap` of `autodiff` is: each argument gets one more axis, and so does the result, as its first.
   *
   * It returns a promise, which is rejected with what `vmap` would throw.
   *
   * @example
   * ```ts
   * import { Ensemble } from "@diffrax-ts/ensemble";
   * import type { Scalar } from "@diffrax-ts/pytree";
   *
   * const pool = Ensemble({ workers: 2 });
   * const squares = pool.vmap((x: Scalar) => x.mul(x));
   * [...await squares(Float64Array.of(1, 2, 3))];
   * // → [1, 4, 9]
   * await pool.close();
   * ```
   */
  vmap<Parameters extends Args, Result>(
    f: (...args: Parameters) => Result,
    options?: MapOptions,
  ): (...args: BatchOf<Parameters>) => Promise<Batch<Result>>;

  /**
   * What a function makes of each item of a list, as a sweep over parameters does. The items are trees of one structure, dtypes and shapes.
   *
   * @example
   * ```ts
   * import { Ensemble } from "@diffrax-ts/ensemble";
   * import type { Scalar } from "@diffrax-ts/pytree";
   *
   * const pool = Ensemble({ workers: 2 });
   * const area = ({ a, b }: { a: Scalar; b: Scalar }) => a.mul(b);
   * const areas = await pool.map(area, [{ a: 1, b: 2 }, { a: 3, b: 4 }]);
   * areas.map((x) => x.item());
   * // → [2, 12]
   * await pool.close();
   * ```
   */
  map<Item, Result>(
    f: (item: Item) => Result,
    items: ArrayLike<Concrete<Item>>,
    options?: RunOptions,
  ): Promise<Result[]>;

  /**
   * The gradient of a loss over a batch of examples, with respect to the first argument: data-parallel, as `grad` is over `pmap` in JAX.
   *
   * @see `valueAndGrad`
   */
  grad<First, Rest extends Args>(
    loss: (first: First, ...rest: Rest) => Tensor,
    options?: GradientOptions,
  ): <const P extends Concrete<First>>(
    first: P,
    ...rest: BatchOf<Rest>
  ) => Promise<LikeArguments<P>>;

  /**
   * The mean of a loss over a batch of examples, and its gradient with respect to the first argument, which all examples have in common.
   *
   * Examples are taken in groups, 128 at most, whose gradients are added in their order. The groups depend on the length of the batch alone: the bits
   * are the same for any number of threads. A function whose examples are large does better as a loss of few of them at a time.
   *
   * @param loss - The loss of one example: `(params, ...example) => number`.
   *
   * @example
   * ```ts
   * import { Ensemble } from "@diffrax-ts/ensemble";
   * import type { Scalar } from "@diffrax-ts/pytree";
   *
   * const pool = Ensemble({ workers: 2 });
   * const loss = (k: Scalar, x: Scalar, y: Scalar) => k.mul(x).sub(y).pow(2);
   * await pool.valueAndGrad(loss)(1, Float64Array.of(1, 2), Float64Array.of(2, 4));
   * // → { value: 2.5, grad: -5 }
   * await pool.close();
   * ```
   */
  valueAndGrad<First, Rest extends Args>(
    loss: (first: First, ...rest: Rest) => Tensor,
    options?: GradientOptions,
  ): <const P extends Concrete<First>>(
    first: P,
    ...rest: BatchOf<Rest>
  ) => Promise<ValueAndGrad<ValueOf<P>, LikeArguments<P>>>;

  /** Ends the threads. What still runs is rejected. `await using` does it too. */
  close(): Promise<void>;
}

/**
 * Starts a pool of threads: worker threads of Node, web workers in pages. They start with the first batch, and do not keep a process alive.
 *
 * @throws RangeError for a number of workers that is none.
 *
 * @example
 * ```ts
 * import { Ensemble } from "@diffrax-ts/ensemble";
 *
 * const pool = Ensemble({ workers: 2 });
 * pool.workers;
 * // → 2
 * await pool.close();
 * ```
 */
export function Ensemble(options: EnsembleOptions = {}): Ensemble {
  const {
    workers = numProcessors(),
    workerUrl = null,
    sharedMemory = canShare(),
  } = checkOptions("Ensemble", options, ["workers", "workerUrl", "sharedMemory"]);
  if (!Number.isInteger(workers) || workers < 0) {
    throw new RangeError(
      `Ensemble: workers must be a whole number, 0 for this thread alone, got ${describeValue(workers)}`,
    );
  }
  if (sharedMemory && !canShare()) {
    throw new RangeError(
      "Ensemble: there is no shared memory here; a page has it with the headers Cross-Origin-Opener-Policy: same-origin " +
        "and Cross-Origin-Embedder-Policy: require-corp",
    );
  }
  const isShared = sharedMemory && workers > 0;
  return new Pool(startThreads(workers, workerUrl), { workers, isShared });
}

class Pool implements Ensemble {
  readonly workers: number;
  readonly #threads: Threads;
  readonly #isShared: boolean;
  readonly #programs = new WeakMap<CompiledProgram, NumberedProgram>();
  #numPrograms = 0;
  /** What was made of losses, by their axes. */
  readonly #gradients = new WeakMap<Callable, Map<string, Callable>>();
  #isClosed = false;

  constructor(
    threads: Threads,
    { workers, isShared }: { readonly workers: number; readonly isShared: boolean },
  ) {
    this.workers = workers;
    this.#threads = threads;
    this.#isShared = isShared;
  }

  vmap<Parameters extends Args, Result>(
    f: (...args: Parameters) => Result,
    options: MapOptions = {},
  ): (...args: BatchOf<Parameters>) => Promise<Batch<Result>> {
    const name = "Ensemble.vmap";
    const { inAxes = 0, ...rest } = checkOptions(name, options, ["inAxes", "signal", "onProgress"]);
    const run = checkRunOptions(name, rest);
    const workOf = batchWork(f, inAxes, name);
    return async (...args) => {
      const works = workOf(...args);
      const [results] = await this.#run(name, works, run);
      return unflatten(works[0]!.output, results!) as Batch<Result>;
    };
  }

  async map<Item, Result>(
    f: (item: Item) => Result,
    items: ArrayLike<Concrete<Item>>,
    options: RunOptions = {},
  ): Promise<Result[]> {
    const name = "Ensemble.map";
    const run = checkRunOptions(name, checkOptions(name, options, ["signal", "onProgress"]));
    const workOf = batchWork(f, 0, name);
    const list = Array.from(items);
    if (list.length === 0) return [];
    const works = workOf(stackTrees(list, name));
    const [results] = await this.#run(name, works, run);
    return unstackTrees(works[0]!.output, results!, list.length) as Result[];
  }

  grad<First, Rest extends Args>(
    loss: (first: First, ...rest: Rest) => Tensor,
    options: GradientOptions = {},
  ): <const P extends Concrete<First>>(
    first: P,
    ...rest: BatchOf<Rest>
  ) => Promise<LikeArguments<P>> {
    const both = this.#gradient("Ensemble.grad", loss, options);
    return async <const P extends Concrete<First>>(first: P, ...rest: BatchOf<Rest>) =>
      (await both([first, ...rest])).grad as LikeArguments<P>;
  }

  valueAndGrad<First, Rest extends Args>(
    loss: (first: First, ...rest: Rest) => Tensor,
    options: GradientOptions = {},
  ): <const P extends Concrete<First>>(
    first: P,
    ...rest: BatchOf<Rest>
  ) => Promise<ValueAndGrad<ValueOf<P>, LikeArguments<P>>> {
    const both = this.#gradient("Ensemble.valueAndGrad", loss, options);
    return async <const P extends Concrete<First>>(first: P, ...rest: BatchOf<Rest>) =>
      (await both([first, ...rest])) as ValueAndGrad<ValueOf<P>, LikeArguments<P>>;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#threads.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #gradient(
    name: string,
    loss: Callable,
    options: GradientOptions,
  ): (args: Args) => Promise<ValueAndGrad<unknown, unknown>> {
    const known = checkOptions(name, options, ["inAxes", "reduction", "signal", "onProgress"]);
    const { inAxes, reduction = "mean", ...rest } = known;
    const run = checkRunOptions(name, rest);
    if (typeof loss !== "function")
      throw new TypeError(`${name}: expected a function, got ${describeValue(loss)}`);
    if (reduction !== "mean" && reduction !== "sum") {
      throw new RangeError(
        `${name}: reduction must be "mean" or "sum", got ${describeValue(reduction)}`,
      );
    }
    if (inAxes !== undefined && (!Array.isArray(inAxes) || inAxes[0] !== null)) {
      throw new RangeError(
        `${name}: inAxes is a list that begins with null: the gradient is with respect to the first argument, which all examples have in common`,
      );
    }
    return async (args) => {
      const axes = inAxes ?? args.map((_, i) => (i === 0 ? null : 0));
      const works = batchWork(
        this.#groupGradient(loss, axes, name),
        axes,
        name,
        groupSize,
      )(...args);
      const parts = await this.#run(name, works, run);
      const divisor = reduction === "mean" ? numExamples(works) : 1;
      const sums = parts[0]!.map((_, k) =>
        sumOfRows(
          parts.map((part) => part[k]!),
          divisor,
        ),
      );
      const { structure, leaves } = flatten(args[0]);
      const hasNumber = leaves.some((leaf) => typeof leaf === "number");
      return {
        value: hasNumber ? likeLeaf(sums[0]!, 0) : sums[0],
        grad: unflatten(
          structure,
          leaves.map((leaf, k) => likeLeaf(sums[k + 1]!, leaf)),
        ),
      };
    };
  }

  /** The same function for the same loss: what it was traced to is found again. */
  #groupGradient(loss: Callable, inAxes: readonly Axes[], name: string): Callable {
    let known = this.#gradients.get(loss);
    if (known === undefined) this.#gradients.set(loss, (known = new Map()));
    const key = JSON.stringify(inAxes);
    let made = known.get(key);
    if (made === undefined) known.set(key, (made = groupGradient(loss, inAxes, name)));
    return made;
  }

  async #run(
    name: string,
    works: readonly BatchWork[],
    options: Required<RunOptions>,
  ): Promise<readonly (readonly Tensor[])[]> {
    this.#requireOpen(name);
    const batches = works.map(
      (work) =>
        new BatchJobs(work, this.#numbered(work.portion.compiled, name), {
          numThreads: this.#threads.size,
          isShared: this.#isShared,
        }),
    );
    try {
      return await runBatch(batches, this.#threads, options);
    } catch (error) {
      this.#requireOpen(name);
      throw error;
    }
  }

  #requireOpen(name: string): void {
    if (this.#isClosed)
      throw new Error(`${name}: the pool is closed; make another with Ensemble()`);
  }

  #numbered(compiled: CompiledProgram, name: string): NumberedProgram {
    let known = this.#programs.get(compiled);
    if (known === undefined) {
      known = { key: this.#numPrograms++, portable: compiled.portable(name) };
      this.#programs.set(compiled, known);
    }
    return known;
  }
}

function numExamples(works: readonly BatchWork[]): number {
  return works.reduce((sum, { rows }) => sum + rows[0]!.shape[0]!, 0);
}
