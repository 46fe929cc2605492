/** The first result, and how long it took to get it and to get it again. */
export interface TimedResult<Result> {
  readonly result: Result;
  /** Milliseconds. */
  readonly first: number;
  /** The median of the calls after the first, in milliseconds. */
  readonly next: number;
}

/** Calls `solve` once, and then `rounds` times more. */
export function timeSolves<Result>(solve: () => Result, rounds: number): TimedResult<Result> {
  const [result, first] = timed(solve);
  const others = Array.from({ length: rounds }, () => timed(solve)[1]).sort((a, b) => a - b);
  return { result, first, next: others[Math.floor(rounds / 2)]! };
}

/** The result, and how long it took. */
export function timed<Result>(f: () => Result): [result: Result, milliseconds: number] {
  const start = performance.now();
  const result = f();
  return [result, performance.now() - start];
}
