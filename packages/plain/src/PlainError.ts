/** A function cannot be read as plain arithmetic: what stands in the way, where, and what to do. */
export class PlainError extends TypeError {
  /** The message, but for the excerpt. */
  readonly sentence: string;
  /** The line of the source, with a mark below the place; or nothing. */
  readonly excerpt: string;
  /** It would fail as ordinary JavaScript as well, so calling it instead is no way out. */
  readonly isMistake: boolean;
  /** There was a warning of it. */
  isKnown = false;

  constructor(sentence: string, excerpt = "", isMistake = false) {
    super(sentence + excerpt);
    this.sentence = sentence;
    this.excerpt = excerpt;
    this.isMistake = isMistake;
  }
}
