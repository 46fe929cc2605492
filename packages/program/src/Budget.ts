/** Something that a cache keeps, and that can be made again. */
export interface Kept {
  /** What it takes, about. */
  readonly bytes: number;
  /** When it was last used: what `Budget.now` gave. */
  used: number;
  /** Takes it out of its cache. */
  drop(): void;
}

/**
 * What the caches of a process may keep in all. They hold their entries themselves, and let go of them with whatever the entries are
 * for; here is only the count.
 *
 * What has to go is the older one of two that are picked at random. So of more entries than there is room for, used in turn, most
 * are found again, where dropping the oldest would drop each just before it is used. Small ones are picked as much more rarely as they
 * are smaller: much may hang on them, and little is had of dropping them.
 */
export class Budget {
  readonly #most: number;
  #entries: WeakRef<Kept>[] = [];
  #bytes = 0;
  #clock = 0;
  /** With so many entries those that are gone are taken out. */
  #sweepAt = 1024;
  #seed = 1;

  constructor(most: number) {
    this.#most = most;
  }

  /** A time later than all before. */
  now(): number {
    return ++this.#clock;
  }

  /** Counts an entry, and drops others if there are too many. */
  add(entry: Kept): void {
    const room = this.#most - entry.bytes;
    if (this.#bytes > room || this.#entries.length >= this.#sweepAt) this.#sweep();
    while (this.#bytes > room && this.#entries.length > 0) this.#dropOne();
    this.#bytes += entry.bytes;
    this.#entries.push(new WeakRef(entry));
  }

  /** Drops all entries. */
  clear(): void {
    const entries = this.#entries;
    this.#entries = [];
    this.#bytes = 0;
    for (const ref of entries) ref.deref()?.drop();
  }

  #sweep(): void {
    this.#bytes = 0;
    this.#entries = this.#entries.filter((ref) => {
      const entry = ref.deref();
      this.#bytes += entry?.bytes ?? 0;
      return entry !== undefined;
    });
    this.#sweepAt = Math.max(1024, 2 * this.#entries.length);
  }

  #dropOne(): void {
    const [i, j] = [this.#pick(), this.#pick()];
    const place = this.#lastUse(j) < this.#lastUse(i) ? j : i;
    const entry = this.#entries[place]!.deref();
    this.#entries[place] = this.#entries.at(-1)!;
    this.#entries.pop();
    if (entry === undefined) return;
    this.#bytes -= entry.bytes;
    entry.drop();
  }

  /** When the entry at a place was last used; never, if it is gone already. */
  #lastUse(place: number): number {
    return this.#entries[place]!.deref()?.used ?? -1;
  }

  /** The place of an entry that is not small, or of a small one now and then. */
  #pick(): number {
    const usual = this.#bytes / this.#entries.length;
    for (let tries = 0; tries < mostTries; tries++) {
      const place = this.#random(this.#entries.length);
      const bytes = this.#entries[place]!.deref()?.bytes ?? Infinity;
      if (bytes > this.#random(usual)) return place;
    }
    return this.#random(this.#entries.length);
  }

  /** An integer from 0 on, below `end`, from a sequence that is the same in every process. */
  #random(end: number): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) | 0;
    return Math.floor(((this.#seed >>> 8) / 2 ** 24) * end);
  }
}

/** So often a place is picked again. */
const mostTries = 32;

/** In bytes. A solve of a few equations takes some 100 kB of it, its gradient some 600. */
const mostBytes = 256 * 1024 * 1024;

let shared: Budget | undefined;

/** The budget of this copy of the library. */
export function cacheBudget(): Budget {
  return (shared ??= new Budget(mostBytes));
}
