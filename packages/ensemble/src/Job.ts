/** Bytes that go to, or come from, a place in the frame of a program. */
export interface Bytes {
  readonly offset: number;
  readonly data: Uint8Array;
}

/** A compiled program in the form in which threads hand it on. */
export interface JobProgram {
  /** Tells programs of one pool apart. */
  readonly key: number;
  /** A `WebAssembly.Module`. */
  readonly module: object;
  readonly frameBytes: number;
  /** What is in the frame before every run. */
  readonly initial: readonly Bytes[];
}

/** Where a result is, and where it goes. */
interface ResultPlace {
  readonly offset: number;
  /** The bytes of one element. */
  readonly bytes: number;
  /** Shared memory for all elements of the job; `null` where there is none, and the results are sent. */
  readonly into: Uint8Array | null;
}

/** Some elements of a batch for one thread: plain data, as structured clone takes them. */
export interface Job {
  readonly program: JobProgram;
  /** How many elements there are. */
  readonly length: number;
  /** How many of them the program takes at once. */
  readonly portion: number;
  /** Where it wants to know how many there are; `null` if it computes all that there is room for. */
  readonly count: number | null;
  /** What is the same for all elements. */
  readonly shared: readonly Bytes[];
  /** What has the same number of bytes for each element, one after the other. */
  readonly rows: readonly Bytes[];
  readonly results: readonly ResultPlace[];
}

/** What became of a job. */
export interface Outcome {
  /** The bytes of each result; `null` where they went into shared memory. */
  readonly results: readonly (Uint8Array | null)[];
  /** The number of the assertion that failed, from 1 on, and which of its messages; `0` if none did. */
  readonly failed: number;
  readonly which: number;
  /** Whether there was no memory for it. */
  readonly isRefused: boolean;
}
