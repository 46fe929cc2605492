/** A star in a galaxy that is nearly round: its place in the plane, and how fast it is. */
export type Star = readonly [x: number, y: number, u: number, v: number];

/** The motion of a star after Hénon and Heiles, with the energy `(u² + v² + x² + y²) / 2 + x² y - y³ / 3`. */
export function henonHeiles(_t: number, [x, y, u, v]: Star): Star {
  return [u, v, -x - 2 * x * y, -y - x ** 2 + y ** 2];
}

/** The energy of a star, which does not change. */
export function energyOf([x, y, u, v]: Star): number {
  return (u ** 2 + v ** 2 + x ** 2 + y ** 2) / 2 + x ** 2 * y - y ** 3 / 3;
}

/** A star on the line `x = 0` that goes to the right, with an energy. */
export function onLine(energy: number, y: number, v: number): Star {
  return [0, y, Math.sqrt(2 * energy - v ** 2 - y ** 2 + (2 / 3) * y ** 3), v];
}
