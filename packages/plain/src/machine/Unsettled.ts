/** What a variable holds that was given different things on the two sides of a condition, until it is used. */
export class Unsettled {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}
