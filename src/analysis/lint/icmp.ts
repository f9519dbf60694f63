import { CT_STATE, named, type Value } from "../../predicate/index.ts";
import { NO, tracks, type Diagram, type Shape } from "../../symbolic/index.ts";
import type { Finding } from "../finding.ts";
import { found } from "./found.ts";
import type { Matter } from "./matter.ts";
import { filtered, kindNamed, packetsThat, proof, sessionsEnding, STRANGER, where, type Proof } from "./outlook.ts";
import { chainPointer } from "./subject.ts";

const icmp = (protocol: number, type: number, code: Value): Shape => [
  ["protocol", protocol],
  ["icmptype", type],
  ["icmpcode", code],
];

/** The ICMP error that says a packet is too big for the way. */
const TOO_BIG = { 4: icmp(1, 3, 4), 6: icmp(58, 2, 0) } as const;

/** F19: TCP sessions work, and the errors that tell them of a narrow way do not get through. */
export function blackHoles(matter: Matter): Finding[] {
  const { family, ruleset } = matter.subject;
  const tcp = kindNamed(matter, "tcp");
  if (tcp === undefined) return [];
  const state = tracks(ruleset) ? CT_STATE.RELATED : CT_STATE.INVALID;
  const findings: Finding[] = [];
  for (const [path, users] of [
    ["in", ["in", "out"]],
    ["forward", ["forward"]],
  ] as const) {
    if (path === "forward" && clampsMss(matter)) continue;
    const far = (end: "saddr" | "daddr"): Shape => [[end, STRANGER[family]]];
    const sessions = users.map(user =>
      where(
        matter,
        sessionsEnding(matter, user, tcp, ({ end }) => end === "usable"),
        far(user === "out" ? "daddr" : "saddr"),
      ),
    );
    if (sessions.every(set => set === NO)) continue;
    if (
      where(
        matter,
        packetsThat(matter, path, state, TOO_BIG[family], ending => ending === "accept"),
        far("saddr"),
      ) !== NO
    )
      continue;
    const chain = ruleset.tables.get("filter")?.chains.get(path === "in" ? "INPUT" : "FORWARD");
    if (chain === undefined) continue;
    findings.push(
      found(
        "F19",
        chainPointer(family, "filter", chain),
        `TCP works, and ${family === 4 ? "ICMP fragmentation-needed" : "ICMPv6 packet-too-big"} is refused on its way ${path === "in" ? "to this machine" : "through it"}: sessions stall on ways with a smaller MTU`,
        {
          fix: {
            about: "accept errors that belong to sessions",
            edits: [{ do: "insert", table: "filter", chain: chain.name, number: 1, rule: "-m conntrack --ctstate RELATED -j ACCEPT" }],
          },
        },
      ),
    );
  }
  return findings;
}

/** Is the MSS of forwarded sessions set to what the way can bear? */
function clampsMss({ subject: { ruleset } }: Matter): boolean {
  for (const { chains } of ruleset.tables.values())
    for (const { rules } of chains.values()) if (rules.some(({ target }) => target?.action.do === "mss")) return true;
  return false;
}

/** Neighbour discovery: what IPv6 cannot do without, and what comes from routers. */
const NEIGHBOURS: readonly (readonly [path: "in" | "out", type: number, name: string, vital: boolean])[] = [
  ["in", 135, "neighbour solicitation", true],
  ["in", 136, "neighbour advertisement", true],
  ["out", 135, "neighbour solicitation", true],
  ["out", 136, "neighbour advertisement", true],
  ["in", 134, "router advertisement", false],
];

/** F20: neighbour discovery does not get through, while other IPv6 does. */
export function neighboursRefused(matter: Matter): Finding[] {
  const { family, ruleset } = matter.subject;
  if (family !== 6 || !usesIpv6(matter)) return [];
  const findings: Finding[] = [];
  for (const path of ["in", "out"] as const) {
    const refused = NEIGHBOURS.filter(([way, type]) => way === path && isRefused(matter, way, type));
    const [first] = refused;
    const chain = ruleset.tables.get("filter")?.chains.get(path === "in" ? "INPUT" : "OUTPUT");
    if (first === undefined || chain === undefined) continue;
    const vital = refused.some(([, , , needed]) => needed);
    const names = refused.map(([, type, name]) => `${name} (type ${type})`).join(" and ");
    const shown = refusal(matter, path, first[1]);
    findings.push(
      found(
        "F20",
        shown?.decidedBy ?? chainPointer(family, "filter", chain),
        `ICMPv6 ${names} ${path === "in" ? "is refused on its way in" : "cannot leave"}, and ESTABLISHED does not cover it`,
        {
          severity: vital ? "error" : "info",
          witness: shown?.witness,
          fix: {
            about: "accept neighbour discovery",
            edits: refused.map(([, type]) => ({
              do: "insert",
              table: "filter",
              chain: chain.name,
              number: 1,
              rule: `-p ipv6-icmp -m icmp6 --icmpv6-type ${type} -m hl --hl-eq 255 -j ACCEPT`,
            })),
          },
        },
      ),
    );
  }
  return findings;
}

/** Is there any IPv6 session with another machine? A machine that refuses IPv6 as a whole needs no neighbours. */
const usesIpv6 = (matter: Matter): boolean =>
  (["in", "out"] as const).some(path =>
    matter.sessions.kinds.some(kind => sessionsEnding(matter, path, kind, ({ end }) => end === "usable") !== NO),
  );

/** A message of neighbour discovery: from the link itself, which its hop limit shows. */
const neighbour = (type: number): Shape => [...icmp(58, type, 0), ["ttl", 255], ["ctstate", CT_STATE.UNTRACKED]];

const hookOf = (path: "in" | "out"): "INPUT" | "OUTPUT" => (path === "in" ? "INPUT" : "OUTPUT");

/** Over loopback nobody looks for neighbours. */
function onWire({ model, space }: Matter, path: "in" | "out", set: Diagram): Diagram {
  return space.diagrams.minus(set, model.lowering.set(named(path === "in" ? "iif" : "oif", "lo")));
}

const isRefused = (matter: Matter, path: "in" | "out", type: number): boolean =>
  matter.table("filter") !== undefined &&
  onWire(
    matter,
    path,
    filtered(matter, hookOf(path), neighbour(type), ending => ending === "accept"),
  ) === NO;

function refusal(matter: Matter, path: "in" | "out", type: number): Proof | undefined {
  const shape: Shape = [...icmp(58, type, 0), ["ttl", 255]];
  for (const [claim, wanted] of [
    ["dropped", "drop"],
    ["rejected", "reject"],
  ] as const) {
    const refused = onWire(
      matter,
      path,
      filtered(matter, hookOf(path), neighbour(type), ending => ending === wanted),
    );
    const shown = proof(matter, refused, { path, about: "packet", claim, shape, prefer: new Map([["ttl", [255]]]) });
    if (shown) return shown;
  }
  return undefined;
}

/** F21: tcp 113 is dropped without an answer, where mail or IRC servers are asked that like to know. */
export function identDropped(matter: Matter): Finding[] {
  const { family, ruleset } = matter.subject;
  const tcp = kindNamed(matter, "tcp");
  const chain = ruleset.tables.get("filter")?.chains.get("INPUT");
  if (tcp === undefined || chain === undefined) return [];
  const asked = sessionsEnding(matter, "out", tcp, ({ end }) => end === "usable");
  const { space } = matter;
  const curious = [25, 6667, 21].some(
    number => space.diagrams.restrict(asked, space.fieldLevel("dport"), space.domainOf("dport").rankOf(number)) !== NO,
  );
  const shape: Shape = [
    ["protocol", 6],
    ["tcpflags", 2],
    ["dport", 113],
  ];
  const answered = packetsThat(matter, "in", CT_STATE.NEW, shape, ending => ending !== "drop");
  if (!curious || answered !== NO) return [];
  const shown = proof(
    matter,
    packetsThat(matter, "in", CT_STATE.NEW, shape, ending => ending === "drop"),
    { path: "in", about: "packet", claim: "dropped", shape },
  );
  return shown === undefined
    ? []
    : [
        found(
          "F21",
          shown.decidedBy ?? chainPointer(family, "filter", chain),
          "questions for ident (tcp 113) are dropped without an answer: servers that ask wait for the time-out",
          {
            witness: shown.witness,
            fix: {
              about: "answer them with a reset",
              edits: [
                {
                  do: "insert",
                  table: "filter",
                  chain: "INPUT",
                  number: 1,
                  rule: "-p tcp -m tcp --dport 113 -j REJECT --reject-with tcp-reset",
                },
              ],
            },
          },
        ),
      ];
}
