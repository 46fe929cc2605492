/** A mistake in what the user typed: its message is all they need to see. */
export class InputError extends Error {
  override readonly name = "InputError";
}
