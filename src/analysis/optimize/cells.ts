import { protocolName } from "../../packet/index.ts";
import type { Family } from "../../predicate/index.ts";
import { printInterface } from "../../ruleset/index.ts";
import { byAddress } from "./address-cells.ts";
import { countWhile, type Attribute, type Cell, type Cells } from "./attribute.ts";
import type { Piece } from "./pieces.ts";
import { byPort } from "./port-cells.ts";

/** The attributes in the order of the header: protocol, ports, addresses, interfaces. */
export const ATTRIBUTES: readonly Attribute[] = [
  byValue("protocol", protocolOf, number => `-p ${protocolName(number) ?? number}`, dropsUnreadable),
  byPort("dport"),
  byPort("sport"),
  byAddress("source"),
  byAddress("destination"),
  byInterface("inInterface", "-i"),
  byInterface("outInterface", "-o"),
];

function protocolOf({ rule: { header } }: Piece): number | undefined {
  return header.protocol && !header.protocol.invert && header.protocol.number !== 0 ? header.protocol.number : undefined;
}

/** In IPv6 whoever asks for the protocol drops packets without a readable one, so only a rule that asks for nothing else may come first. */
function dropsUnreadable({ rule: { header } }: Piece, family: Family): boolean {
  return family === 4 || Object.values(header).filter(test => test !== undefined).length === 1;
}

function byValue<T extends string | number>(
  name: string,
  of: (piece: Piece) => T | undefined,
  test: (value: T) => string,
  mayLead: (piece: Piece, family: Family) => boolean = () => true,
): Attribute {
  return {
    name,
    reach: (pieces, from, family, effort) =>
      mayLead(pieces[from] as Piece, family) ? countWhile(pieces, from, effort, piece => of(piece) !== undefined) : 0,
    cells(pieces, _, most) {
      const groups = new Map<T, Piece[]>();
      for (const piece of pieces) {
        const value = of(piece) as T;
        const group = groups.get(value);
        if (group) group.push(piece);
        else groups.set(value, [piece]);
      }
      if (groups.size > most * 4) return UNTOLD;
      const cells = [...groups].map(([value, members]): Cell => ({ test: test(value), share: 1 / (groups.size + 1), pieces: members }));
      return { cells, aside: [], common: "" };
    },
  };
}

const UNTOLD: Cells = { cells: [], aside: [], common: "" };

function byInterface(key: "inInterface" | "outInterface", option: string): Attribute {
  return byValue(
    key,
    ({ rule: { header } }) => {
      const test = header[key];
      return test && !test.invert && !test.wildcard ? printInterface(test) : undefined;
    },
    name => `${option} ${name}`,
  );
}
