import { serviceName } from "../../packet/index.ts";
import type { Range } from "../../predicate/index.ts";
import { atMost, either } from "./words.ts";

/** Ports told one by one up to this many. */
const MOST_PORTS = 16;

/** `port 22 (ssh)`, `ports 80 (http), 443 (https) or 8000-8100`; `protocol` is a name that services are listed under, empty where none is known. */
export function portsText(ranges: readonly Range[], protocol: string): string {
  const texts = ranges.map(([low, high]) => (low === high ? portText(Number(low), protocol) : `${low}-${high}`));
  const [first] = ranges;
  const several = ranges.length > 1 || (first !== undefined && first[0] !== first[1]);
  return `${several ? "ports" : "port"} ${either(atMost(texts, MOST_PORTS))}`;
}

/** `22 (ssh)` */
export function portText(port: number, protocol: string): string {
  const name = protocol === "" ? (serviceName(port, "tcp") ?? serviceName(port, "udp")) : serviceName(port, protocol);
  return name === undefined ? `${port}` : `${port} (${name})`;
}
