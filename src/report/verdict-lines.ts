import type { Decision, Errno, Outcome } from "../engine/index.ts";
import { dissect, isFault, PROTOCOL, Tcp, TCP_FLAG } from "../packet/index.ts";
import { packetHints } from "./hints.ts";
import { packetText } from "./packet-text.ts";
import { isAccepted } from "./accepted.ts";
import { printable } from "./printable.ts";
import { bad, dim, good, plain, strong, type Line } from "./span.ts";
import { ruleWords } from "./rule-words.ts";

/** What connect() says, and what people know it by. */
const ERRNO_TEXT: Readonly<Partial<Record<Errno, string>>> = {
  ECONNREFUSED: "Connection refused (ECONNREFUSED), at once",
  EHOSTUNREACH: "No route to host (EHOSTUNREACH), at once",
  ENETUNREACH: "Network is unreachable (ENETUNREACH), at once",
  ENOPROTOOPT: "Protocol not available (ENOPROTOOPT), at once",
  ETIMEDOUT: "nothing: it waits until it gives up (ETIMEDOUT)",
  EPERM: "Operation not permitted (EPERM), at once",
};

/** What a program at the sender's end is told. */
export const errnoText = (errno: Errno): string => ERRNO_TEXT[errno] ?? errno;

/** Where a decision stands: `rules.v4:12  filter INPUT rule 6: -j DROP`. */
export function decisionText(decision: Decision): string {
  const { rule, table, chain, number } = decision;
  const place = `${table} ${printable(chain)}`;
  if (rule === undefined) return `the policy of ${place}`;
  const words = ruleWords(rule);
  const { file, line } = rule.at;
  return `${printable(line === 0 ? file : `${file}:${line}`)}: ${place} rule ${number}: ${printable(words)}`;
}

/** What a packet's sender is told, in words: an error, or nothing where nobody waits for an answer; undefined while nobody can say yet. */
export function senderText(outcome: Outcome): string | undefined {
  const { senderSees } = outcome;
  if (senderSees === undefined) return undefined;
  return senderSees === "ETIMEDOUT" && !waits(outcome) ? "nothing" : errnoText(senderSees);
}

/** Does the sender wait for an answer: to a SYN, a datagram, a question? Nobody waits after an ACK, an ICMP error or a later fragment. */
function waits({ events }: Outcome): boolean {
  const first = events.find(event => event.event === "packet");
  const layout = first && dissect(first.bytes);
  if (!first || !layout || isFault(layout) || layout.fragmentOffset !== 0) return false;
  if (layout.protocol === PROTOCOL.TCP)
    return ((Tcp.at(first.bytes, layout.l4, layout.totalLength)?.flags ?? 0) & (TCP_FLAG.SYN | TCP_FLAG.ACK)) === TCP_FLAG.SYN;
  const icmp = layout.protocol === PROTOCOL.ICMP || layout.protocol === PROTOCOL.ICMPV6;
  return !icmp || first.bytes[layout.l4] === (layout.family === 4 ? 8 : 128);
}

/** The last lines of a trace: the verdict, who decided, where the packet is now and what its sender sees. */
export function verdictLines(outcome: Outcome): Line[] {
  const { verdict, decidedBy, reason, emitted } = outcome;
  const lines: Line[] = [];
  const by = decidedBy ? `by ${decisionText(decidedBy)}` : reason;
  if (isAccepted(outcome)) {
    lines.push([good(`ACCEPTED, ${verdict}`), plain(decidedBy ? ` ${by}` : "")]);
  } else {
    const why = decidedBy && reason !== "" && !decidedBy.rule && !reason.includes("policy") ? ` (${reason})` : "";
    lines.push([bad(verdict === "stolen" ? "HELD" : verdict.toUpperCase()), plain(` ${by}${why}`)]);
  }
  for (const { interface: device, bytes, kind } of emitted)
    lines.push([dim(LEAVES[kind]), plain(`${printable(device)}: ${packetText(bytes)}`)]);
  const told = senderText(outcome);
  if (told !== undefined) lines.push([dim("sender sees    "), strong(told)]);
  for (const hint of packetHints(outcome)) lines.push([dim("hint           "), plain(hint)]);
  return lines;
}

const LEAVES = { packet: "leaves         ", answer: "answer leaves  ", copy: "copy leaves    " } as const;
