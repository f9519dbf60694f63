import { mask4, mask6, u32 } from "../packet/index.ts";
import type { Facts, Value } from "../predicate/index.ts";

/** What of a packet tells entries apart. */
export interface HashlimitMode {
  readonly srcip: boolean;
  readonly srcport: boolean;
  readonly dstip: boolean;
  readonly dstport: boolean;
  readonly srcmask: number;
  readonly dstmask: number;
}

/** Protocols that begin with four bytes of ports, or with what is taken for them: AH has them behind four others. Kernel: proto_ports_offset. */
const PORTS_AT: ReadonlyMap<number, number> = new Map([
  [6, 0],
  [17, 0],
  [33, 0],
  [50, 0],
  [132, 0],
  [136, 0],
  [51, 4],
]);
/** IPv6: no next header. */
const NO_NEXT = 59;

/** The packet's key; undefined where its ports cannot be read. Kernel: xt_hashlimit.c, hashlimit_init_dst. */
export function hashlimitKey(mode: HashlimitMode, facts: Facts): string | undefined {
  const source = mode.srcip ? masked(facts.value("saddr"), mode.srcmask) : "";
  const destination = mode.dstip ? masked(facts.value("daddr"), mode.dstmask) : "";
  if (!mode.srcport && !mode.dstport) return `${source}>${destination}`;
  const ports = portsOf(facts);
  if (ports === undefined) return undefined;
  return `${source}:${mode.srcport ? ports >>> 16 : ""}>${destination}:${mode.dstport ? ports & 0xffff : ""}`;
}

function masked(address: Value, length: number): string {
  if (typeof address === "number") return String((address & mask4(length)) >>> 0);
  return typeof address === "bigint" ? (address & mask6(length)).toString(16) : "";
}

/** Both ports in one number, 0 for protocols without. IPv4 reads them in later fragments too; IPv6 takes those for a protocol without. */
function portsOf(facts: Facts): number | undefined {
  const protocol = facts.value("protocol");
  if (facts.family === 6) {
    if (protocol === undefined || protocol === NO_NEXT) return undefined;
    if (facts.value("fragoff") !== 0) return 0;
  }
  const offset = PORTS_AT.get(Number(protocol));
  if (offset === undefined) return 0;
  const at = facts.l4 + offset;
  return at + 4 <= facts.end ? u32(facts.bytes, at) : undefined;
}
