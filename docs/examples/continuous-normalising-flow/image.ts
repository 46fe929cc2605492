import { np, type Tensor } from "@diffrax-ts/core";
import { choice, type Key, splitList, uniform } from "@diffrax-ts/random";

/** Points in the plane. */
export type Points = Tensor<readonly [number, number]>;

/** An image, as a probability density. */
export interface Image {
  /** The lower left corners of the pixels that are not white, `[pixels, 2]`. */
  readonly corners: Points;
  /** How dark they are, `[pixels]`. */
  readonly ink: Tensor<readonly [number]>;
  /** How long a side of a pixel is. */
  readonly side: number;
}

/** A cat that sits and looks away, between -2 and 2 both ways, with `size` pixels each. */
export function cat(size: number): Image {
  const side = 4 / size;
  const places = Array.from({ length: size }, (_, i) => i * side - 2);
  const corners = places
    .flatMap((y) => places.map((x): [number, number] => [x, y]))
    .filter(([x, y]) => isCat(x + side / 2, y + side / 2));
  return { corners: np.tensor(corners), ink: np.ones(corners.length), side };
}

function isCat(x: number, y: number): boolean {
  const inEllipse = (cx: number, cy: number, rx: number, ry: number): boolean =>
    ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
  const inEar = (tip: number): boolean => y > 1 && Math.abs(x - tip) < 0.5 * (1.8 - y);
  const inBody = inEllipse(-0.3, -0.7, 1, 1.1);
  const inHead = inEllipse(-0.3, 0.8, 0.65, 0.6) || inEar(-0.7) || inEar(0.1);
  const inTail = inEllipse(0.7, -1.4, 0.95, 0.5) && !inEllipse(0.6, -1.2, 0.65, 0.4);
  return inBody || inHead || inTail;
}

/** Random points, `[size, 2]`: more of them where the image is darker. */
export function pointsOf({ corners, ink, side }: Image, size: number, key: Key): Points {
  const [pixelKey, placeKey] = splitList(key);
  const pixels = choice(pixelKey, ink.length, [size], { p: ink });
  const places = uniform(placeKey, [size, 2], { maxval: side });
  return np.add(np.take(corners, pixels, { axis: 0 }), places);
}

/** The entropy of such a point: no density has a smaller loss. */
export function entropyOf({ ink, side }: Image): number {
  const p = np.div(ink, np.sum(ink));
  return -np.sum(np.mul(p, np.log(np.div(p, side ** 2)))).item();
}
