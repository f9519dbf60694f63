import { among, named, type Family, type Predicate } from "../../predicate/index.ts";
import { NO, YES, type Diagram, type Diagrams, type Point, type SessionEnd, type SessionKind, type Space } from "../../symbolic/index.ts";
import { confirm } from "../confirm/index.ts";
import { familyModel, isCondition, type FamilyModel, type Firewall } from "../model.ts";
import { Boxes, type Dimension } from "../policy/boxes.ts";
import { thinned } from "../policy/drafts.ts";
import type { Ranks } from "../policy/ranks.ts";
import { serviceClasses } from "../policy/service-classes.ts";
import { witnessOf } from "../witness-of.ts";
import { PATHS, type Path, type Witness } from "../witness.ts";
import { reasonOf, type CompareOptions } from "./compare.ts";
import type { Change, DiffReport, DiffRow, Fate, Undone } from "./diff-report.ts";
import { interfacesIn } from "./interfaces.ts";
import { possibleHere } from "./ordinary.ts";
import { paired } from "./pairs.ts";
import { FIELDS, GROWTH, IN, KIND, OUT, PORT, SOURCE_PORT } from "../policy/session-sets.ts";
import { CHANGES } from "./rows.ts";

/** Who may open a service: every address, some, or none. */
type Openness = "everyone" | "everyone, under conditions" | "some addresses" | "nobody";

const RANKS: readonly Openness[] = ["nobody", "some addresses", "everyone, under conditions", "everyone"];

/** What services are told apart by. */
const KEPT = ["dport", "oif", "iif"] as const;
const LIMIT = 100;

/** Compares the families of one firewall service by service: who may open it from where to where, whatever the addresses are. */
export function compareFamilies(firewall: Firewall, options: Omit<CompareOptions, "names" | "strict">): DiffReport {
  const models = alike(firewall, options);
  const [four, six] = models;
  const rows: DiffRow[] = [];
  const undone: Undone[] = [];
  let left = 0;
  for (const path of PATHS) {
    try {
      const found = comparePath(four, six, path, firewall, options.limit ?? LIMIT);
      rows.push(...found.rows);
      left += found.left;
    } catch (fault) {
      undone.push({ family: 6, path, reason: reasonOf(fault) });
    }
  }
  const assumptions = new Set(firewall.host?.assumed);
  for (const { space } of models) for (const unknown of space.surroundings.unknown) assumptions.add(unknown);
  for (const [family, rules] of [
    [4, firewall.v4],
    [6, firewall.v6],
  ] as const)
    if (rules === undefined) assumptions.add(`there are no IPv${family} rules, so that nothing filters IPv${family}`);
  return {
    compared: "families",
    names: ["IPv4", "IPv6"],
    families: [4, 6],
    strict: false,
    rows,
    left,
    undone,
    assumptions: [...assumptions],
  };
}

/** Models of both families whose ports, interfaces and protocols have the same ranks. */
function alike(firewall: Firewall, { budget, now }: Pick<CompareOptions, "budget" | "now">): readonly [FamilyModel, FamilyModel] {
  const options = { ...(budget !== undefined && { budget }), ...(now !== undefined && { now }) };
  const first = ([4, 6] as const).map(family => familyModel(family, [firewall], options));
  const questions = first.flatMap(({ space }) => cutsOf(space));
  const model = (family: Family): FamilyModel => familyModel(family, [firewall], { ...options, questions });
  return [model(4), model(6)];
}

/** Tests that tell apart what the space tells apart of ports, interfaces and protocols. */
function cutsOf(space: Space): Predicate[] {
  const ports = Array.from<Point>(space.domainOf("dport").starts).map(start => among("dport", [Number(start), Number(start)]));
  const names = Array.from<Point>(space.domainOf("iif").starts).map(start => named("iif", String(start).replaceAll("\u0000", "")));
  const protocols = [...space.protocols].map(protocol => among("protocol", [protocol, protocol]));
  return [...ports, ...names, ...protocols];
}

/** What one family offers on a path, without addresses. */
interface Offer {
  readonly kinds: readonly SessionKind[];
  /** Leaves are those of `leafOf`; levels: port, interfaces. By name of the kind of sessions. */
  readonly openness: ReadonlyMap<string, Diagram>;
  readonly usable: ReadonlyMap<string, Diagram>;
}

function comparePath(
  four: FamilyModel,
  six: FamilyModel,
  path: Path,
  firewall: Firewall,
  limit: number,
): { rows: DiffRow[]; left: number } {
  const { space } = four;
  const { diagrams } = space;
  const [one, other] = [offerOf(four, path), offerOf(six, path)];
  const kinds = one.kinds.filter(({ name }) => other.openness.has(name));
  const top = space.fieldLevel("ctstate");
  const parts = kinds.map(({ name }, index): [number, Diagram] => {
    const there = one.openness.get(name) ?? NO;
    const here = moved(six.space, space, other.openness.get(name) ?? NO);
    return [index, paired(diagrams, there, here, (a, b) => pairLeaf(space, opennessOf(four.space, a), opennessOf(four.space, b)))];
  });
  const whole = diagrams.node(top, parts);
  const dimensions: Dimension[] = [
    { level: top, last: kinds.length - 1 },
    ...FIELDS.map(field => ({ level: space.fieldLevel(field), last: space.domainOf(field).size - 1 })),
  ];
  const boxes = new Boxes(diagrams, dimensions);
  const isAll = (dimension: number, ranks: Ranks): boolean =>
    ranks.length === 1 && ranks[0]?.[0] === 0 && ranks[0][1] === dimensions[dimension]?.last;
  const rows: DiffRow[] = [];
  let left = 0;
  for (const leaf of diagrams.leavesOf(whole).filter(each => each !== NO)) {
    const { before, after } = space.valueOf(leaf) as { readonly before: Openness; readonly after: Openness };
    const set = diagrams.mapLeaves(whole, each => (each === leaf ? YES : NO));
    const { boxes: cover, rest } = boxes.cover(set, set, GROWTH, Math.max(1, limit - rows.length));
    if (rest !== NO) left++;
    for (const box of thinned({ boxes, isAll }, cover, set)) {
      const index = box[KIND]?.[0]?.[0] ?? 0;
      const inside = boxes.diagramOf([[[index, index]], ...box.slice(1)]);
      const within = diagrams.restrict(inside, top, index);
      const name = kinds[index]?.name ?? "";
      rows.push({
        change: changeOf(before, after),
        about: "session",
        family: 6,
        path,
        services: serviceClasses(
          { kinds: box[KIND] as Ranks, ports: box[PORT] as Ranks, sourcePorts: box[SOURCE_PORT] as Ranks, special: false },
          {
            family: 4,
            kinds,
            ports: space.domainOf("dport"),
          },
        ),
        rest: false,
        sort: undefined,
        state: undefined,
        in: path === "in" || path === "forward" ? interfacesIn([four, six], space.domainOf("iif"), box[IN] as Ranks) : undefined,
        out: path === "out" || path === "forward" ? interfacesIn([four, six], space.domainOf("oif"), box[OUT] as Ranks) : undefined,
        clients: [],
        servers: [],
        from: "anywhere",
        to: "anywhere",
        certainty: { sure: true },
        before: fateOf(four, path, one, name, within, before, firewall),
        after: fateOf(six, path, other, name, moved(space, six.space, within), after, firewall),
      });
    }
  }
  return { rows: rows.toSorted((a, b) => CHANGES.indexOf(a.change) - CHANGES.indexOf(b.change)), left };
}

const changeOf = (before: Openness, after: Openness): Change => (RANKS.indexOf(before) < RANKS.indexOf(after) ? "opens" : "closes");

/** Who may open what, from the sessions of a path. */
function offerOf(model: FamilyModel, path: Path): Offer {
  const { space } = model;
  const { diagrams } = space;
  const [sessions] = model.sessions;
  if (sessions === undefined) throw new RangeError("a model without rules");
  const possible = possibleHere(model, path);
  const kept = new Set(KEPT.map(field => space.fieldLevel(field)));
  const addresses = (set: Diagram): Diagram => diagrams.quantify(set, level => !kept.has(level), true);
  const conditions = (set: Diagram): Diagram => diagrams.quantify(set, level => isCondition(model, level), true);
  const ending = (diagram: Diagram, ends: readonly SessionEnd["end"][]): Diagram =>
    diagrams.and(
      diagrams.mapLeaves(diagram, leaf => (ends.includes(sessions.endOf(leaf).end) ? YES : NO)),
      possible,
    );
  const openness = new Map<string, Diagram>();
  const usable = new Map<string, Diagram>();
  for (const { kind, diagram } of sessions.on(path)) {
    const works = ending(diagram, ["usable"]);
    const fails = ending(diagram, ["half-open", "refused"]);
    const maybe = conditions(works);
    const never = diagrams.minus(conditions(fails), maybe);
    let level = leafOf(space, "everyone");
    for (const [set, less] of [
      [addresses(fails), "everyone, under conditions"],
      [addresses(never), "some addresses"],
      [diagrams.not(addresses(maybe)), "nobody"],
    ] as const)
      level = diagrams.choose(set, leafOf(space, less), level);
    openness.set(kind.name, level);
    usable.set(kind.name, works);
  }
  return { kinds: sessions.on(path).map(({ kind }) => kind), openness, usable };
}

const leafOf = (space: Space, openness: Openness): Diagram => space.leaf(`openness ${openness}`, openness);
const opennessOf = (space: Space, leaf: Diagram): Openness => space.valueOf(leaf) as Openness;
const pairLeaf = (space: Space, before: Openness, after: Openness): Diagram =>
  before === after ? NO : space.leaf(`families ${before} | ${after}`, { before, after });

/** A diagram of ports and interfaces in another space whose ranks of them are the same. */
function moved(from: Space, to: Space, diagram: Diagram): Diagram {
  const levels = new Map(KEPT.map(field => [from.fieldLevel(field), to.fieldLevel(field)]));
  const memo = new Map<Diagram, Diagram>();
  const visit = (node: Diagram): Diagram => {
    if (node === NO || node === YES) return node;
    const known = memo.get(node);
    if (known !== undefined) return known;
    let result: Diagram;
    if (node < 0) result = leafOf(to, opennessOf(from, node));
    else {
      const source: Diagrams = from.diagrams;
      const edges = Array.from({ length: source.edgeCount(node) }, (_, edge): [number, Diagram] => [
        source.upperOf(node, edge),
        visit(source.belowOf(node, edge)),
      ]);
      const level = levels.get(source.levelOf(node));
      if (level === undefined) throw new RangeError("only ports and interfaces can be moved");
      result = to.diagrams.node(level, edges);
    }
    memo.set(node, result);
    return result;
  };
  return visit(diagram);
}

/** What one family does about a service, with a session that shows it: one that works where any does. */
function fateOf(model: FamilyModel, path: Path, offer: Offer, name: string, within: Diagram, openness: Openness, firewall: Firewall): Fate {
  const { diagrams } = model.space;
  const kind = offer.kinds.find(each => each.name === name);
  const text = openness === "nobody" ? "open to nobody" : `open to ${openness}`;
  const works = openness !== "nobody";
  const usable = offer.usable.get(name) ?? NO;
  const set = diagrams.and(within, works ? usable : diagrams.minus(possibleHere(model, path), usable));
  const found = kind && witnessOf(model.space, set, { path, about: "session", claim: works ? "usable" : "refused", kind });
  if (kind === undefined || found === undefined) return { text, by: undefined, witness: undefined, confirmation: undefined };
  let witness: Witness = found;
  let confirmation = confirm(witness, firewall);
  if (!works && !confirmation.confirmed) {
    // Stopped is stopped, be it after the first packet.
    witness = { ...found, claim: "half-open" };
    confirmation = confirm(witness, firewall);
  }
  return { text, by: confirmation.decidedBy, witness, confirmation };
}
