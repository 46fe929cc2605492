/** A place in the plane, or a momentum there. */
export type Vector = readonly [x: number, y: number];

/** A planet of mass 1 moves as fast as its momentum says … */
export function velocity(_t: number, [px, py]: Vector): Vector {
  return [px, py];
}

/** … and is pulled to a sun at the origin: `-q / |q|³`. */
export function force(_t: number, [x, y]: Vector): Vector {
  const r = Math.hypot(x, y);
  return [-x / r ** 3, -y / r ** 3];
}

/** Both at once, for a method that knows nothing of places and momenta. */
export function planet(_t: number, [[x, y], p]: readonly [Vector, Vector]): [Vector, Vector] {
  const r = Math.hypot(x, y);
  return [p, [-x / r ** 3, -y / r ** 3]];
}

/** What is seen of it: its place, and the energy `|p|² / 2 - 1 / |q|`, which does not change along an orbit. */
export function seen(_t: number, [[x, y], [px, py]]: readonly [Vector, Vector]): Seen {
  return { x, y, energy: (px ** 2 + py ** 2) / 2 - 1 / Math.hypot(x, y) };
}

export interface Seen {
  readonly x: number;
  readonly y: number;
  readonly energy: number;
}

/** A planet where it is nearest to the sun, on an orbit with this eccentricity that takes `2 π` once around. Its energy is -½. */
export function nearest(eccentricity: number): readonly [q: Vector, p: Vector] {
  const speed = Math.sqrt((1 + eccentricity) / (1 - eccentricity));
  return [
    [1 - eccentricity, 0],
    [0, speed],
  ];
}
