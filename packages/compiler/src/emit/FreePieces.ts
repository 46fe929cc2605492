/** A piece of the memory of one call. */
export interface Storage {
  readonly offset: number;
  readonly bytes: number;
}

/** Pieces of one size, in the order in which they came. Some of them may be gone. */
interface Queue {
  readonly pieces: Storage[];
  first: number;
}

/** Free pieces of memory; no two touch. There may be tens of thousands: nothing goes through all of them. */
export class FreePieces {
  readonly #byStart = new Map<number, Storage>();
  readonly #byEnd = new Map<number, Storage>();
  readonly #bySize = new Map<number, Queue>();
  /** From the smallest to the largest. */
  readonly #sizes: number[] = [];

  /** Takes out the smallest piece of at least so many bytes, the one that came first; `undefined` if there is none. */
  take(bytes: number): Storage | undefined {
    const place = this.#placeOf(bytes);
    while (place < this.#sizes.length) {
      const queue = this.#bySize.get(this.#sizes[place]!)!;
      while (queue.first < queue.pieces.length) {
        const piece = queue.pieces[queue.first++]!;
        if (this.#byStart.get(piece.offset) !== piece) continue;
        this.#remove(piece);
        return piece;
      }
      this.#bySize.delete(this.#sizes[place]!);
      this.#sizes.splice(place, 1);
    }
    return undefined;
  }

  /** Adds a piece, made one with those that it touches. */
  add({ offset, bytes }: Storage): void {
    const before = this.#byEnd.get(offset);
    const after = this.#byStart.get(offset + bytes);
    if (before !== undefined) this.#remove(before);
    if (after !== undefined) this.#remove(after);
    const piece = {
      offset: before?.offset ?? offset,
      bytes: bytes + (before?.bytes ?? 0) + (after?.bytes ?? 0),
    };
    this.#byStart.set(piece.offset, piece);
    this.#byEnd.set(piece.offset + piece.bytes, piece);
    const queue = this.#bySize.get(piece.bytes);
    if (queue !== undefined) queue.pieces.push(piece);
    else {
      this.#bySize.set(piece.bytes, { pieces: [piece], first: 0 });
      this.#sizes.splice(this.#placeOf(piece.bytes), 0, piece.bytes);
    }
  }

  #remove({ offset, bytes }: Storage): void {
    this.#byStart.delete(offset);
    this.#byEnd.delete(offset + bytes);
  }

  /** The place of the first size of at least so many bytes. */
  #placeOf(bytes: number): number {
    let [low, high] = [0, this.#sizes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sizes[middle]! < bytes) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
