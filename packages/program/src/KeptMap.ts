import { cacheBudget, type Kept } from "./Budget.ts";

/** A map from texts to what can be made again. It forgets where there is no more room in the budget of the process. */
export class KeptMap<Value> {
  readonly #entries = new Map<string, Entry<Value>>();

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.used = cacheBudget().now();
    return entry.value;
  }

  /** @param bytes - What the value takes, about. */
  set(key: string, value: Value, bytes: number): void {
    const entry = new Entry(this.#entries, key, value, bytes);
    this.#entries.set(key, entry);
    cacheBudget().add(entry);
  }
}

/** Of an entry with its key, without its value. */
const ownBytes = 200;

class Entry<Value> implements Kept {
  readonly #map: Map<string, Entry<Value>>;
  readonly #key: string;
  readonly value: Value;
  readonly bytes: number;
  used: number = cacheBudget().now();

  constructor(map: Map<string, Entry<Value>>, key: string, value: Value, bytes: number) {
    this.#map = map;
    this.#key = key;
    this.value = value;
    this.bytes = bytes + ownBytes + 2 * key.length;
  }

  drop(): void {
    this.#map.delete(this.#key);
  }
}
