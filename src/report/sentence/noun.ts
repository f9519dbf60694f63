import { protocolName } from "../../packet/index.ts";
import type { Family } from "../../predicate/index.ts";
import { icmpText } from "./icmp.ts";
import type { Parts } from "./parts.ts";
import { protocolText } from "./protocol.ts";
import { either } from "./words.ts";

/** What packets are called: single packets, or what nat tables see of them, the first of each connection. */
export type Unit = "packets" | "connections";

/** The one protocol that is asked for, as services are listed under it; empty where there are several or none. */
export function nameOfProtocol({ protocols }: Pick<Parts, "protocols">): string {
  const [only] = protocols;
  if (protocols.length !== 1 || !only || only.negated || only.of.is !== "in") return "";
  const [range] = only.of.ranges;
  return only.of.ranges.length === 1 && range && range[0] === range[1] ? (protocolName(Number(range[0])) ?? "") : "";
}

/** `TCP`, `everything other than UDP`, `every TCP connection`. */
export function nounOf(parts: Parts, unit: Unit, family: Family): string {
  const { protocols, icmp, icmpExcept } = parts;
  const wanted = protocols.map(({ of, negated }) => {
    const names = of.is === "in" ? either(of.ranges.map(([low, high]) => protocolText(low, high))) : "?";
    return negated ? { no: names } : { yes: names };
  });
  const yes = wanted.flatMap(({ yes: name }) => name ?? []).join(" that is also ");
  const no = [...wanted.flatMap(({ no: name }) => name ?? []), ...icmpExcept];
  const words = [...(yes === "" ? [] : [yes]), ...(icmp.length > 0 ? [icmpText(icmp, family)] : [])];
  const base =
    unit === "connections"
      ? ["every", ...words, ...(icmp.length > 0 ? [] : ["connection"])]
      : yes === ""
        ? ["everything", ...words]
        : words;
  return [...base, ...(no.length > 0 ? [`other than ${either(no)}`] : [])].join(" ");
}
