import type { DType } from "@diffrax-ts/pytree";

/** There is no room for an array, or for what a program needs. */
class NoRoomError extends RangeError {
  /** What there is no room for. */
  readonly what: string;

  constructor(what: string, name?: string, options?: ErrorOptions) {
    super(name === undefined ? what : `${name}: ${what}`, options);
    this.what = what;
  }
}

/** @throws RangeError that names the array, with its shape and its size. */
export function refuseArray(
  { dtype, shape }: { readonly dtype: DType; readonly shape: readonly number[] },
  bytes: number,
  cause: unknown,
): never {
  const size = shape.reduce((product, n) => product * n, 1);
  throw new NoRoomError(
    `a ${dtype} tensor of shape [${shape.join(", ")}] has ${size} elements, ${size * bytes} bytes, for which there is no room; ` +
      "make smaller ones one after another, or save fewer values",
    undefined,
    { cause },
  );
}

/** @throws RangeError that says how much memory is needed, and by what most of all. */
export function refuseMemory(bytes: number, largest: string): never {
  const most = largest === "" ? "" : `, most of all for ${largest}`;
  throw new NoRoomError(
    `${bytes} bytes of memory are needed${most}, and cannot be had; compute in smaller pieces, or save fewer values`,
  );
}

/**
 * Runs something on behalf of a call: where there is no room for it the error names the call.
 *
 * @param name - What was called: `zeros`, `jit`.
 */
export function roomFor<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    throw new NoRoomError(error.what, name, { cause: error.cause });
  }
}
