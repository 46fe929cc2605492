/** Something that the user can put right: `main` prints its message alone, without a stack. */
export class InputError extends Error {
  override readonly name = "InputError";
}
