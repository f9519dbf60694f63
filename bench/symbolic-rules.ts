/** Large rulesets as iptables-save text, the same for the same size and seed: what the analyses are measured on. */

/** What a generated ruleset is like. */
export interface Shape {
  readonly name: string;
  readonly about: string;
  make(rules: number, seed?: number): string;
}

/** A small random source (mulberry32) that a seed determines: a whole number below `limit`. */
function dice(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return limit => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
  };
}

const FILTER = ["*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]"];
const ESTABLISHED = "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT";
const host = (network: number, number: number): string => `${network}.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}/32`;

/** One client may reach one service of one server: rules that have nothing to do with each other. */
export const FLAT: Shape = {
  name: "flat",
  about: "a client, a server, a port each",
  make(rules, seed = 1) {
    const below = dice(seed);
    const lines = [...FILTER, ESTABLISHED];
    for (let rule = 1; rule < rules; rule++) {
      const protocol = below(4) === 0 ? "udp" : "tcp";
      const ends = `-s ${host(10, below(1 << 22))} -d ${host(172, (16 << 16) + below(1 << 18))}`;
      lines.push(`-A FORWARD ${ends} -p ${protocol} -m ${protocol} --dport ${1 + below(2000)} -j ACCEPT`);
    }
    return `${lines.join("\n")}\nCOMMIT\n`;
  },
};

/** Prefixes of every length and port ranges that overlap, accepted and dropped in turn. */
export const OVERLAPPING: Shape = {
  name: "overlapping",
  about: "prefixes and port ranges that overlap",
  make(rules, seed = 1) {
    const below = dice(seed);
    const prefix = (network: number): string => {
      const length = 8 + below(25);
      const low = (network * 2 ** 24 + below(1 << 24)) >>> 0;
      const masked = length === 32 ? low : Math.floor(low / 2 ** (32 - length)) * 2 ** (32 - length);
      return `${[24, 16, 8, 0].map(shift => (masked >>> shift) & 255).join(".")}/${length}`;
    };
    const lines = [...FILTER, ESTABLISHED];
    for (let rule = 1; rule < rules; rule++) {
      const low = 1 + below(60_000);
      const ports = below(2) === 0 ? `${low}` : `${low}:${Math.min(65_535, low + below(4000))}`;
      const verdict = below(3) === 0 ? "DROP" : "ACCEPT";
      lines.push(`-A FORWARD -s ${prefix(10)} -d ${prefix(172)} -p tcp -m tcp --dport ${ports} -j ${verdict}`);
    }
    return `${lines.join("\n")}\nCOMMIT\n`;
  },
};

/** Endpoints behind each service. */
const ENDPOINTS = 3;

/**
 * As kube-proxy writes it: a list of services in nat, each a chain that chooses one of three endpoints at random, each endpoint a chain that marks
 * its own hairpin traffic and sets the new destination; in the filter table, rules for services without endpoints and for marked traffic.
 * About ten rules a service.
 */
export const CLUSTER: Shape = {
  name: "cluster",
  about: "services, endpoints chosen at random, DNAT",
  make(rules, seed = 1) {
    const below = dice(seed);
    const services = Math.max(1, Math.round(rules / RULES_A_SERVICE));
    const chains: string[] = [];
    const list: string[] = [];
    const bodies: string[] = [];
    const rejects: string[] = [];
    for (let service = 0; service < services; service++) {
      const id = service.toString(36).toUpperCase().padStart(6, "0");
      const address = host(10, (96 << 16) + service + 1);
      const port = [80, 443, 8080, 53, 9090][below(5)];
      const match = `-d ${address} -p tcp -m comment --comment "ns/s${service} cluster IP" -m tcp --dport ${port}`;
      if (service % 50 === 49) {
        rejects.push(`-A KUBE-SERVICES ${match} -j REJECT --reject-with icmp-port-unreachable`);
        continue;
      }
      chains.push(`:KUBE-SVC-${id} - [0:0]`);
      list.push(`-A KUBE-SERVICES ${match} -j KUBE-SVC-${id}`);
      bodies.push(`-A KUBE-SVC-${id} ! -s 10.244.0.0/16 -d ${address} -p tcp -m tcp --dport ${port} -j KUBE-MARK-MASQ`);
      for (let endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
        const name = `KUBE-SEP-${id}${endpoint}`;
        const target = host(10, (244 << 16) + ((service * ENDPOINTS + endpoint) % 65_000) + 2).slice(0, -3);
        const left = ENDPOINTS - endpoint;
        const chance = left > 1 ? ` -m statistic --mode random --probability ${(1 / left).toFixed(11)}` : "";
        chains.push(`:${name} - [0:0]`);
        bodies.push(`-A KUBE-SVC-${id}${chance} -j ${name}`);
        bodies.push(`-A ${name} -s ${target}/32 -j KUBE-MARK-MASQ`);
        bodies.push(`-A ${name} -p tcp -m tcp -j DNAT --to-destination ${target}:${8000 + below(20)}`);
      }
    }
    return [
      "*nat",
      ":PREROUTING ACCEPT [0:0]",
      ":INPUT ACCEPT [0:0]",
      ":OUTPUT ACCEPT [0:0]",
      ":POSTROUTING ACCEPT [0:0]",
      ":KUBE-MARK-MASQ - [0:0]",
      ":KUBE-POSTROUTING - [0:0]",
      ":KUBE-SERVICES - [0:0]",
      ...chains,
      "-A PREROUTING -j KUBE-SERVICES",
      "-A OUTPUT -j KUBE-SERVICES",
      "-A POSTROUTING -j KUBE-POSTROUTING",
      "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
      "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
      "-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0",
      "-A KUBE-POSTROUTING -j MASQUERADE --random-fully",
      ...list,
      ...bodies,
      "COMMIT",
      "*filter",
      ":INPUT ACCEPT [0:0]",
      ":FORWARD DROP [0:0]",
      ":OUTPUT ACCEPT [0:0]",
      ":KUBE-FORWARD - [0:0]",
      ":KUBE-SERVICES - [0:0]",
      "-A INPUT -m conntrack --ctstate NEW -j KUBE-SERVICES",
      "-A FORWARD -j KUBE-FORWARD",
      "-A FORWARD -m conntrack --ctstate NEW -j KUBE-SERVICES",
      "-A FORWARD -s 10.244.0.0/16 -j ACCEPT",
      "-A FORWARD -d 10.244.0.0/16 -j ACCEPT",
      "-A OUTPUT -m conntrack --ctstate NEW -j KUBE-SERVICES",
      "-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP",
      "-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT",
      "-A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      ...rejects,
      "COMMIT",
      "",
    ].join("\n");
  },
};

/** One line in the list, one for hairpin traffic, and three for each endpoint. */
const RULES_A_SERVICE = 2 + 3 * ENDPOINTS;

export const SHAPES: readonly Shape[] = [FLAT, OVERLAPPING, CLUSTER];
