/** A force that depends on time and on data. */
export interface Forcing<Data> {
  readonly force: (t: number, data: Data) => number;
  readonly data: Data;
}

/** `y' = -y + force(t)` */
export function forcedDecay<Data>(t: number, y: number, { force, data }: Forcing<Data>): number {
  return -y + force(t, data);
}
