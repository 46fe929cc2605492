import type { Tensor } from "@diffrax-ts/pytree";

/** A number at a place of a vector, which is taken out when it is read. */
export class Element {
  readonly vector: Tensor;
  readonly place: number;

  constructor(vector: Tensor, place: number) {
    this.vector = vector;
    this.place = place;
  }

  get scalar(): Tensor {
    return this.vector.at(this.place);
  }
}
