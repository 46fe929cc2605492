import { type Result, resultName, type RunningMeter } from "@diffrax-ts/protocol";

/**
 * A meter in one run of compiled code. The solves of a batch run one after another: they share a meter, which shows the part of all their
 * ways together, and is closed when the last of them is. Solves that follow each other each have one of their own.
 */
export class MeterBatch {
  readonly #start: () => RunningMeter;
  #shown: RunningMeter | null = null;
  /** The solves that have been announced, and how far each has come: those that have begun. */
  #announced = 0;
  readonly #ways: number[] = [];
  #total = 0;
  #closed = 0;
  #result: Result = "successful";

  constructor(start: () => RunningMeter) {
    this.#start = start;
  }

  /** One more solve is to come. */
  announce(): void {
    this.#announced++;
  }

  /** How far a solve has come, by its number; 0 for one that has not begun. Returns its number. */
  update(given: number, way: number): number {
    // What was not announced is made again on the way back of a derivative.
    if (this.#announced === 0) return 0;
    const id = given === 0 ? this.#ways.push(0) : given;
    this.#total += way - this.#ways[id - 1]!;
    this.#ways[id - 1] = way;
    this.#shownOn().update(this.#total / this.#count());
    return id;
  }

  /** One of the solves has ended. */
  close(code: number): void {
    const result = resultName(code);
    if (this.#result === "successful") this.#result = result;
    const shown = this.#shownOn();
    if (++this.#closed < this.#count()) return;
    const end = this.#result;
    this.#reset();
    shown.close(end);
  }

  /** The run is over: a meter that is still open belongs to a solve that something has thrown out of. */
  end(): void {
    const shown = this.#shown;
    this.#reset();
    shown?.close(null);
  }

  #count(): number {
    return Math.max(1, this.#announced, this.#ways.length);
  }

  #shownOn(): RunningMeter {
    this.#shown ??= this.#start();
    return this.#shown;
  }

  #reset(): void {
    this.#shown = null;
    this.#ways.length = 0;
    [this.#announced, this.#total, this.#closed, this.#result] = [0, 0, 0, "successful"];
  }
}
