import { CT_STATE, type Action } from "../../predicate/index.ts";
import { NO, type Diagram, type Shape } from "../../symbolic/index.ts";
import type { Finding, FixEdit } from "../finding.ts";
import type { Path } from "../witness.ts";
import { ruleLeaves } from "./asked.ts";
import { found } from "./found.ts";
import type { Matter } from "./matter.ts";
import { acceptedPackets, countOf, DATAGRAM, OPENER, withField } from "./outlook.ts";
import { chainPointer, placedRules, rulePointer, type Placed } from "./subject.ts";

/** Of 65536 ports: a machine that may open so many is not restricted. */
const NEARLY_ALL = 60_000n;

/** F36: what a list of allowed services of this machine leaves out. */
export function whitelistGaps(matter: Matter): Finding[] {
  const { family, ruleset } = matter.subject;
  const chain = ruleset.tables.get("filter")?.chains.get("OUTPUT");
  const tcp = acceptedPackets(matter, "out", CT_STATE.NEW, OPENER);
  const udp = acceptedPackets(matter, "out", CT_STATE.NEW, DATAGRAM);
  if (chain === undefined || (tcp === NO && udp === NO) || countOf(matter, tcp, "dport") > NEARLY_ALL) return [];
  const at = chainPointer(family, "filter", chain);
  const gap = (message: string, rule: string, grave: boolean): Finding =>
    found("F36", at, message, {
      severity: grave ? "warning" : "info",
      fix: { about: "allow it", edits: [{ do: "insert", table: "filter", chain: "OUTPUT", number: 1, rule }] },
    });
  const web = allows(matter, tcp, 80) || allows(matter, tcp, 443);
  const findings: Finding[] = [];
  if (allows(matter, udp, 53) && !allows(matter, tcp, 53))
    findings.push(gap("DNS is allowed over UDP only: long answers come over TCP", "-p tcp -m tcp --dport 53 -j ACCEPT", true));
  if (web && !allows(matter, udp, 53) && !allows(matter, tcp, 53))
    findings.push(gap("the web is allowed and DNS is not: names cannot be looked up", "-p udp -m udp --dport 53 -j ACCEPT", true));
  if (web && !allows(matter, udp, 123))
    findings.push(gap("NTP (udp 123) is not allowed: the clock drifts", "-p udp -m udp --dport 123 -j ACCEPT", false));
  return findings;
}

const allows = ({ space }: Matter, set: Diagram, port: number): boolean =>
  space.diagrams.restrict(set, space.fieldLevel("dport"), space.domainOf("dport").rankOf(port)) !== NO;

/** Protocols whose helpers open connections, how those look, and whether they go the way that the control connection went. */
const HELPED: readonly {
  readonly helper: string;
  readonly protocol: number;
  readonly port: number;
  readonly data: Shape;
  readonly back: boolean;
}[] = [
  { helper: "ftp", protocol: 6, port: 21, data: OPENER, back: false },
  { helper: "tftp", protocol: 17, port: 69, data: DATAGRAM, back: true },
  { helper: "sip", protocol: 17, port: 5060, data: DATAGRAM, back: false },
  { helper: "pptp", protocol: 6, port: 1723, data: [["protocol", 47]], back: false },
];

const BACK: Readonly<Record<Path, Path>> = { in: "out", out: "in", forward: "forward", local: "local" };

/** A port that data connections may have. */
const DATA_PORT = 40_001;

/** F27: control connections are let in by name, RELATED is accepted, and nothing makes the data connections RELATED. */
export function missingHelpers(matter: Matter): Finding[] {
  const { subject } = matter;
  if (subject.host?.sysctls.get("net.netfilter.nf_conntrack_helper") === 1) return [];
  const placed = [...placedRules(subject.ruleset)];
  const assigned = new Set(placed.flatMap(({ rule }) => helperOf(rule.target?.action) ?? []));
  const findings: Finding[] = [];
  for (const { helper, protocol, port, data, back } of HELPED) {
    if (assigned.has(helper)) continue;
    const rule = placed.find(each => each.table === "filter" && each.rule.target?.action.do === "accept" && names(each, protocol, port));
    const path =
      rule &&
      (["in", "forward", "out"] as const).find(
        way =>
          acceptedPackets(
            matter,
            way,
            CT_STATE.NEW,
            withField([["protocol", protocol], ...(protocol === 6 ? [["tcpflags", 2] as const] : [])], "dport", port),
          ) !== NO,
      );
    if (rule === undefined || path === undefined) continue;
    const way = back ? BACK[path] : path;
    const shape = data.some(([field, value]) => field === "protocol" && value === 47) ? data : withField(data, "dport", DATA_PORT);
    if (acceptedPackets(matter, way, CT_STATE.RELATED, shape) === NO || acceptedPackets(matter, way, CT_STATE.NEW, shape) !== NO) continue;
    const name = protocol === 6 ? "tcp" : "udp";
    const assign = `-p ${name} -m ${name} --dport ${port} -j CT --helper ${helper}`;
    const edits: FixEdit[] = (path === "out" ? ["OUTPUT"] : ["PREROUTING"]).map(chain => ({
      do: "insert",
      table: "raw",
      chain,
      number: 1,
      rule: assign,
    }));
    findings.push(
      found(
        "F27",
        rulePointer(subject.family, rule),
        `its data connections count on RELATED, and no rule assigns the helper ${helper}: they are NEW, and refused`,
        {
          fix: { about: "assign the helper", edits },
        },
      ),
    );
  }
  return findings;
}

const helperOf = (action: Action | undefined): string | undefined => (action?.do === "track" ? action.helper : undefined);

/** Does a rule ask for a port and little more of its kind? */
function names({ rule }: Placed, protocol: number, port: number): boolean {
  let asks = false;
  let carries = false;
  for (const { leaf, inverted } of ruleLeaves(rule)) {
    if (leaf.is !== "in" || inverted) continue;
    if (leaf.field === "protocol") carries ||= leaf.ranges.some(([low, high]) => low <= protocol && protocol <= high);
    if (leaf.field === "dport")
      asks ||= leaf.ranges.some(([low, high]) => low <= port && port <= high && Number(high) - Number(low) < FEW_PORTS);
  }
  return asks && carries;
}

const FEW_PORTS = 16;

/** F28: a helper opens connections, and RELATED is accepted without asking which helper foresaw them, or for where. */
export function broadHelpers({ subject: { family, ruleset } }: Matter): Finding[] {
  const placed = [...placedRules(ruleset)];
  const assigning = placed.filter(({ rule }) => helperOf(rule.target?.action) !== undefined);
  if (assigning.length === 0) return [];
  const related = assigning.map(each => rulePointer(family, each));
  return placed.flatMap(each => {
    if (each.rule.target?.action.do !== "accept" || each.table !== "filter") return [];
    let asksRelated = false;
    let narrow = false;
    for (const { leaf, inverted } of ruleLeaves(each.rule)) {
      if (leaf.is === "in" && leaf.field === "ctstate" && !inverted)
        asksRelated ||= leaf.ranges.some(([low, high]) => low <= CT_STATE.RELATED && CT_STATE.RELATED <= high);
      else if (leaf.is === "member" || leaf.is === "opaque") narrow = true;
      else if (leaf.is !== "constant" && NARROWING.has(leaf.field)) narrow = true;
    }
    return asksRelated && !narrow
      ? [found("F28", rulePointer(family, each), "it accepts whatever a helper foresees, from anyone to anywhere", { related })]
      : [];
  });
}

const NARROWING: ReadonlySet<string> = new Set([
  "cthelper",
  "dport",
  "saddr",
  "daddr",
  "protocol",
  "ctorigdst",
  "ctorigsrc",
  "ctorigdstport",
]);
