import { isNotationFault, parseNotation, printNotation, TCP_FLAG, type PacketSpec } from "../../packet/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { confirm, type Stand } from "../confirm/index.ts";
import type { Path, RulePointer, Witness } from "../witness.ts";

/** What lets the answer of a usable session through; undefined where translation would have to be undone first, or the engine does not show it. */
export function answerDecision(witness: Witness, stand: Stand): RulePointer | undefined {
  const back = BACK[witness.path];
  const spec = parseNotation(witness.packet);
  if (back === undefined || isNotationFault(spec) || translates(witness.family === 4 ? stand.v4 : stand.v6)) return undefined;
  const packet = printNotation(answerOf(spec));
  const { confirmed, decidedBy } = confirm({ ...witness, path: back, packet, about: "packet", claim: "accepted" }, stand);
  return confirmed ? decidedBy : undefined;
}

/** The way of answers; over loopback they pass the same chains as everything else. */
const BACK: Readonly<Record<Path, Path | undefined>> = { in: "out", out: "in", forward: "forward", local: undefined };

const translates = (ruleset: Ruleset | undefined): boolean =>
  [...(ruleset?.tables.get("nat")?.chains.values() ?? [])].some(({ rules }) => rules.length > 0);

function answerOf({ family, protocol, source, destination, in: input, out, icmp }: PacketSpec): PacketSpec {
  return {
    session: false,
    family,
    protocol,
    source: destination,
    destination: source,
    ctState: "ESTABLISHED",
    ...(protocol === 6 && { tcpFlags: TCP_FLAG.SYN | TCP_FLAG.ACK }),
    ...(icmp && { icmp: { type: REPLIES.get(`${family} ${icmp.type}`) ?? icmp.type, code: icmp.code } }),
    ...(out !== undefined && { in: out }),
    ...(input !== undefined && { out: input }),
  };
}

/** ICMP types of replies by family and type of the request. */
const REPLIES: ReadonlyMap<string, number> = new Map([
  ["4 8", 0],
  ["4 13", 14],
  ["4 17", 18],
  ["6 128", 129],
]);
