import { key, normal } from "@diffrax-ts/random";
import { impactsOf, type Properties } from "./ball.ts";

/** The ball that is listened to. */
export const real: Properties = { height: 1.2, restitution: 0.86, drag: 0.035 };

/** How well a microphone tells when an impact is, in seconds. */
export const accuracy = 1e-3;

/** When so many impacts were heard, in seconds: those of the ball, with noise. */
export function hear(impacts: number): Float64Array {
  const noise = normal(key(7), [impacts]);
  return Float64Array.from(impactsOf(real, impacts), (t, i) => t + accuracy * noise.at(i).item());
}
