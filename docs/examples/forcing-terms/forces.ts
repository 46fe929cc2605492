/** A force that grows: `m t + c`. */
export function ramp(t: number, { m, c }: { readonly m: number; readonly c: number }): number {
  return m * t + c;
}

/** When a pulse begins and ends, and how strong it is. */
export interface Pulse {
  readonly from: number;
  readonly to: number;
  readonly strength: number;
}

/** A force that is switched on and off. */
export function pulse(t: number, { from, to, strength }: Pulse): number {
  return t >= from && t < to ? strength : 0;
}

/** Values at evenly spaced times, from 0 to `end`. */
export interface Values {
  readonly values: ArrayLike<number>;
  readonly end: number;
}

/** A force that is known at a few times, with straight lines between them. */
export function brokenLine(t: number, { values, end }: Values): number {
  const place = (t / end) * (values.length - 1);
  let force = 0;
  for (let i = 0; i < values.length; i++) {
    force += values[i]! * Math.max(0, 1 - Math.abs(place - i)); // a hat: 1 at its own time, 0 at the others
  }
  return force;
}
