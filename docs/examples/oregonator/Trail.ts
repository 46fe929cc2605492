/** A point of the portrait: logarithms of two concentrations. */
interface Point {
  readonly x: number;
  readonly y: number;
}

const mostPoints = 3000;

/** The last points of a solve in the plane of two concentrations, on logarithmic axes. Old ones are paler. */
export class Trail {
  readonly #canvas: HTMLCanvasElement;
  readonly #points: Point[] = [];
  #isDrawn = true;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** One more point. */
  add(x: number, y: number): void {
    if (this.#points.length === mostPoints) this.#points.shift();
    this.#points.push({ x: Math.log10(x), y: Math.log10(y) });
    this.#isDrawn = false;
  }

  clear(): void {
    this.#points.length = 0;
    this.#isDrawn = false;
  }

  /** Draws what has been added since it was last drawn. */
  draw(): void {
    const context = this.#canvas.getContext("2d");
    if (this.#isDrawn || context === null) return;
    this.#isDrawn = true;
    const { width, height } = this.#canvas;
    context.clearRect(0, 0, width, height);
    drawAxes(context, width, height);
    for (const [i, point] of this.#points.entries()) {
      const age = (this.#points.length - i) / mostPoints;
      context.fillStyle = `rgb(31 90 180 / ${1 - 0.9 * age})`;
      const { left, top } = placeOf(point, width, height);
      context.fillRect(left - 1.5, top - 1.5, 3, 3);
    }
    const last = this.#points.at(-1);
    if (last === undefined) return;
    const { left, top } = placeOf(last, width, height);
    context.fillStyle = "rgb(214 70 30)";
    context.beginPath();
    context.arc(left, top, 5, 0, 2 * Math.PI);
    context.fill();
  }
}

/** The powers of ten that are shown, and the room for their names. */
const powers = 6;
const margin = 40;

function placeOf({ x, y }: Point, width: number, height: number): { left: number; top: number } {
  return {
    left: margin + ((x + 0.5) / powers) * (width - margin),
    top: height - margin - ((y + 0.5) / powers) * (height - margin),
  };
}

function drawAxes(context: CanvasRenderingContext2D, width: number, height: number): void {
  context.fillStyle = context.strokeStyle = "rgb(110 110 110)";
  context.lineWidth = 0.5;
  context.font = "13px system-ui, sans-serif";
  for (let power = 0; power < powers; power++) {
    const { left, top } = placeOf({ x: power, y: power }, width, height);
    const name = power === 0 ? "1" : power === 1 ? "10" : `10${"⁰¹²³⁴⁵"[power]}`;
    context.textAlign = "center";
    context.fillText(name, left, height - margin + 18);
    context.textAlign = "right";
    context.fillText(name, margin - 8, top + 4);
    context.globalAlpha = 0.4;
    context.strokeRect(left, 0, 0, height - margin);
    context.strokeRect(margin, top, width - margin, 0);
    context.globalAlpha = 1;
  }
  context.textAlign = "right";
  context.fillText("bromous acid", width - 4, height - 6);
  context.textAlign = "left";
  context.fillText("catalyst", 4, 14);
}
