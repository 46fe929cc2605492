/** The turns of a loop do not all do the same: they are read one by one. */
export class NotAlike extends Error {}
