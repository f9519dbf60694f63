import { NO, YES, type Diagram } from "../../symbolic/index.ts";
import type { Finding } from "../finding.ts";
import { serviceText } from "../names/index.ts";
import type { Path } from "../witness.ts";
import { found } from "./found.ts";
import type { Matter } from "./matter.ts";
import { countOf, kindNamed, projected, proof, sessionsEnding, STRANGER, where } from "./outlook.ts";
import { chainPointer, nowherePointer } from "./subject.ts";

type Ports = readonly (readonly [low: number, high: number])[];

/** F22: services that strangers get by IPv6 and not by IPv4. Needs the rules of both families; of IPv4 rules alone it says what is not known. */
export function openIpv6(v4: Matter | undefined, v6: Matter | undefined): Finding[] {
  if (v4 === undefined) return [];
  if (v6 === undefined) return unknownIpv6(v4);
  const findings: Finding[] = [];
  for (const path of ["in", "forward"] as const) {
    for (const name of ["tcp", "udp"] as const) {
      const [closed, open] = [portsOf(v4, path, name), portsOf(v6, path, name)];
      const more = without(open, closed);
      if (more.length === 0) continue;
      const kind = kindNamed(v6, name);
      const set = kind && services(v6, path, name);
      const shown =
        kind && set !== undefined
          ? proof(v6, whereStranger(v6, set), {
              path,
              about: "session",
              claim: "usable",
              kind,
              prefer: new Map([
                ["dport", shownPorts(more)],
                ["saddr", [STRANGER[6]]],
              ]),
            })
          : undefined;
      const chain = v6.subject.ruleset.tables.get("filter")?.chains.get(path === "in" ? "INPUT" : "FORWARD");
      const at =
        shown?.decidedBy ?? (chain ? chainPointer(6, "filter", chain) : nowherePointer(6, "filter", path === "in" ? "INPUT" : "FORWARD"));
      findings.push(
        found(
          "F22",
          at,
          `strangers get ${serviceText({ protocols: PROTOCOLS[name], ports: more }, 6)} ${path === "in" ? "on" : "through"} this machine by IPv6, and not by IPv4`,
          {
            severity: path === "in" ? "error" : "warning",
            witness: shown?.witness,
          },
        ),
      );
    }
  }
  return findings;
}

function unknownIpv6(v4: Matter): Finding[] {
  const tcp = portsOf(v4, "in", "tcp");
  const all = tcp.reduce((sum, [low, high]) => sum + high - low + 1, 0);
  if (all > NEARLY_ALL) return [];
  const file = [...v4.subject.texts.keys()][0] ?? "";
  const at = nowherePointer(6, "filter", "INPUT", file);
  return [
    found("F22", at, "IPv4 is restricted, and no IPv6 rules were given (--v6 FILE): where ip6tables has none, IPv6 is open", {
      severity: "info",
    }),
  ];
}

const NEARLY_ALL = 60_000;

const services = (matter: Matter, path: Path, name: string): Diagram => {
  const kind = kindNamed(matter, name);
  return kind === undefined ? NO : sessionsEnding(matter, path, kind, ({ end }) => end === "usable");
};

const whereStranger = (matter: Matter, set: Diagram): Diagram => where(matter, set, [["saddr", STRANGER[matter.subject.family]]]);

/** Destination ports that strangers get. */
function portsOf(matter: Matter, path: Path, name: string): Ports {
  const { space } = matter;
  const open = projected(matter, whereStranger(matter, services(matter, path, name)), ["dport"]);
  if (open === NO || countOf(matter, open, "dport") === 0n) return [];
  if (open === YES) return [[0, 65535]];
  const domain = space.domainOf("dport");
  const ports: [number, number][] = [];
  for (let rank = 0; rank < domain.size; rank++) {
    if (domain.isAbsent(rank) || space.diagrams.child(open, rank) === NO) continue;
    const [low, high] = domain.rangeOf(rank);
    const before = ports.at(-1);
    if (before && before[1] + 1 === low) before[1] = Number(high);
    else ports.push([Number(low), Number(high)]);
  }
  return ports;
}

/** Ranges without those of another list; both ascending. */
function without(from: Ports, gone: Ports): Ports {
  const left: [number, number][] = [];
  for (const [low, high] of from) {
    let start = low;
    for (const [a, b] of gone) {
      if (b < start || a > high) continue;
      if (a > start) left.push([start, a - 1]);
      start = b + 1;
    }
    if (start <= high) left.push([start, high]);
  }
  return left;
}

const PROTOCOLS = { tcp: [[6, 6]], udp: [[17, 17]] } as const;

/** Ports that people know, where they are among them; then the first of each range, but 0. */
const shownPorts = (ports: Ports): number[] => [
  ...EVERYDAY.filter(port => ports.some(([low, high]) => low <= port && port <= high)),
  ...ports.map(([low]) => Math.max(1, low)),
];

const EVERYDAY: readonly number[] = [22, 80, 443, 53];
