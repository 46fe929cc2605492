import fc from "fast-check";
import { expect, test } from "vitest";
import { FreePieces, type Storage } from "../src/emit/FreePieces.ts";

/** The same by going through all pieces: the smallest that is large enough, the first of several. */
class Slow {
  pieces: Storage[] = [];

  take(bytes: number): Storage | undefined {
    const enough = this.pieces.filter((piece) => piece.bytes >= bytes);
    const least = Math.min(...enough.map((piece) => piece.bytes));
    const best = enough.find((piece) => piece.bytes === least);
    this.pieces = this.pieces.filter((piece) => piece !== best);
    return best;
  }

  add({ offset, bytes }: Storage): void {
    const touches = (piece: Storage): boolean =>
      piece.offset + piece.bytes === offset || offset + bytes === piece.offset;
    const joined = [...this.pieces.filter(touches), { offset, bytes }];
    this.pieces = this.pieces.filter((piece) => !touches(piece));
    this.pieces.push({
      offset: Math.min(...joined.map((piece) => piece.offset)),
      bytes: joined.reduce((sum, piece) => sum + piece.bytes, 0),
    });
  }
}

test("free pieces are found in the order in which a search through all of them finds them", () => {
  const turn = fc.record({ bytes: fc.integer({ min: 1, max: 6 }), give: fc.nat() });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 200 }), (turns) => {
      const [fast, slow] = [new FreePieces(), new Slow()];
      const used: Storage[] = [];
      let end = 0;
      for (const { bytes, give } of turns) {
        if (give % 2 === 0 && used.length > 0) {
          const [piece] = used.splice(give % used.length, 1);
          fast.add(piece!);
          slow.add(piece!);
          continue;
        }
        const piece = fast.take(16 * bytes);
        expect(piece).toEqual(slow.take(16 * bytes));
        used.push(piece ?? { offset: end, bytes: 16 * bytes });
        if (piece === undefined) end += 16 * bytes;
      }
    }),
  );
});
