import { countWhile, type Attribute, type Cell } from "./attribute.ts";
import type { Piece } from "./pieces.ts";
import { portWords } from "./port-words.ts";

/** How a protocol's own match tests one range of ports. */
const TESTS: ReadonlyMap<number, string> = new Map([
  [6, "-p tcp -m tcp"],
  [17, "-p udp -m udp"],
]);

const PORTS = 65_536;

/** Ports of TCP or of UDP, in ranges that no rule straddles. */
export function byPort(field: "sport" | "dport"): Attribute {
  const end = field === "sport" ? "source" : "destination";
  const hull = (piece: Piece): readonly [number, number] | undefined => {
    const words = portWords(piece.rule);
    const [first, last] = [words?.ports[0], words?.ports.at(-1)];
    return words?.end === end && first && last ? [first[0], last[1]] : undefined;
  };
  const testOf = ({ rule: { header } }: Piece): string | undefined =>
    header.protocol && !header.protocol.invert ? TESTS.get(header.protocol.number) : undefined;
  return {
    name: field,
    reach(pieces, from, _, effort) {
      const first = pieces[from] as Piece;
      const test = testOf(first);
      if (test === undefined || !dropsCut(first, test)) return 0;
      return countWhile(pieces, from, effort, piece => testOf(piece) === test && hull(piece) !== undefined);
    },
    cells(pieces, _, most) {
      const test = testOf(pieces[0] as Piece) ?? "";
      const parts = parted(pieces, hull);
      const size = pieces.length / most;
      const joined: { range: readonly [number, number]; pieces: ReadonlySet<Piece> }[] = [];
      for (const part of parts) {
        const last = joined.at(-1);
        if (last && last.pieces.size + part.pieces.size <= size) {
          joined[joined.length - 1] = { range: [last.range[0], part.range[1]], pieces: new Set([...last.pieces, ...part.pieces]) };
        } else joined.push(part);
      }
      const cells = joined.map(({ range: [low, high], pieces: inside }): Cell => ({
        test: `${test} --${field} ${low === high ? low : `${low}:${high}`}`,
        share: (high - low + 1) / PORTS,
        pieces: pieces.filter(piece => inside.has(piece)),
      }));
      return { cells, aside: [], common: test.split(" ").slice(0, 2).join(" ") };
    },
  };
}

/**
 * A test of ports drops packets whose header is cut. The first rule of the run must do so for the same packets: it may ask for nothing before the
 * ports but the protocol.
 */
function dropsCut({ rule: { header, matches } }: Piece, test: string): boolean {
  const asked = Object.values(header).filter(each => each !== undefined).length;
  const [first] = matches;
  return asked === 1 && first !== undefined && test.endsWith(first.save.split(" ").slice(0, 2).join(" "));
}

/** Rules by ranges of ports, in the order of ports; rules whose ranges overlap stay together. */
function parted(
  pieces: readonly Piece[],
  hull: (piece: Piece) => readonly [number, number] | undefined,
): { readonly range: readonly [number, number]; readonly pieces: ReadonlySet<Piece> }[] {
  const sorted = pieces
    .map(piece => ({ piece, range: hull(piece) ?? ([0, PORTS - 1] as const) }))
    .toSorted((a, b) => a.range[0] - b.range[0]);
  const parts: { range: readonly [number, number]; pieces: Set<Piece> }[] = [];
  for (const { piece, range } of sorted) {
    const last = parts.at(-1);
    if (last && range[0] <= last.range[1]) {
      last.pieces.add(piece);
      last.range = [last.range[0], Math.max(last.range[1], range[1])];
    } else parts.push({ range, pieces: new Set([piece]) });
  }
  return parts;
}
