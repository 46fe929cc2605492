/** A function cannot be read as plain arithmetic: what stands in the way, where, and what to do. */
export class PlainError extends TypeError {
  /** It would fail as ordinary JavaScript as well, so calling it instead is no way out. */
  readonly isMistake: boolean;
  /** There was a warning of it. */
  isKnown = false;

  constructor(message: string, isMistake = false) {
    super(message);
    this.isMistake = isMistake;
  }
}
