import type { Scalar } from "../../predicate/index.ts";
import { isSubset, type IntervalSet } from "../../packet/index.ts";
import { NO, YES, type Preferences } from "../../symbolic/index.ts";
import { confirm } from "../confirm/index.ts";
import { addressText, type AddressNames } from "../names/index.ts";
import type { FamilyModel, Firewall } from "../model.ts";
import type { ServiceClass } from "../policy-report.ts";
import type { Ranks } from "../policy/ranks.ts";
import { mergedServices, serviceClasses } from "../policy/service-classes.ts";
import { witnessOf } from "../witness-of.ts";
import type { Path, Ranges, Witness } from "../witness.ts";
import type { DiffRow, Fate } from "./diff-report.ts";
import { interfacesIn } from "./interfaces.ts";
import { sides, type Difference, type Layer, type Part } from "./layers.ts";
import { preferencesFor } from "./ordinary.ts";
import { CLIENT, IN, KIND, OUT, PORT, SERVER, SOURCE_PORT } from "../policy/session-sets.ts";
import type { ClassAddresses, ClassBox, LayerClasses } from "./rows.ts";
import type { Seen } from "./seen.ts";

/** Says classes in words, with a witness that the engine has run on both sides. */
export class Describer {
  private readonly model: FamilyModel;
  private readonly path: Path;
  private readonly names: AddressNames;
  private readonly before: Firewall;
  private readonly after: Firewall;
  private readonly preferences: readonly Preferences[];

  constructor(model: FamilyModel, path: Path, names: AddressNames, before: Firewall, after: Firewall) {
    this.model = model;
    this.path = path;
    this.names = names;
    this.before = before;
    this.after = after;
    this.preferences = preferencesFor(model, path);
  }

  row(layer: Layer, found: LayerClasses, each: ClassBox): DiffRow {
    const { box, rest, change, depends } = each;
    const { family } = this.model;
    const [clients, servers] = [found.addresses(each, CLIENT), found.addresses(each, SERVER)];
    const { before: fateBefore, after: fateAfter } = this.fates(layer, each);
    return {
      change,
      about: layer.about,
      family,
      path: this.path,
      services: this.services(layer, found, box),
      rest,
      sort: layer.sort,
      state: layer.state,
      in: this.path === "in" || this.path === "forward" ? this.interfaces(found, box[IN] as Ranks, IN) : undefined,
      out: this.path === "out" || this.path === "forward" ? this.interfaces(found, box[OUT] as Ranks, OUT) : undefined,
      clients: clients.values,
      servers: servers.values,
      from: this.endText(clients),
      to: this.endText(servers),
      certainty: depends.length === 0 ? { sure: true } : { sure: false, depends },
      before: fateBefore,
      after: fateAfter,
    };
  }

  /** Addresses of one end in the shortest words that are true: of those that cannot occur, any may be among them. */
  private endText({ values, box, missing }: ClassAddresses): string {
    if (missing.length === 0) return "anywhere";
    const between = (ranges: Ranges): boolean => within(values, ranges) && within(ranges, box);
    const texts = [addressText(values, this.names), addressText(box, this.names), `anywhere but ${addressText(missing, this.names)}`];
    for (const { name, ranges } of this.names.parts) if (between(ranges)) texts.push(name);
    return texts.reduce((best, text) => (text.length < best.length ? text : best));
  }

  private services(layer: Layer, found: LayerClasses, box: ClassBox["box"]): readonly ServiceClass[] {
    const { family } = this.model;
    if (layer.names !== undefined) {
      const protocol = family === 4 ? 1 : 58;
      const chosen = layer.parts.filter(({ index }) => (box[KIND] as Ranks).some(([low, high]) => low <= index && index <= high));
      const types = chosen.map(({ shape }) => Number(shape.find(([field]) => field === "icmptype")?.[1] ?? 0)).toSorted((a, b) => a - b);
      return chosen.map(({ index }, at) => ({
        protocols: [[protocol, protocol]],
        ports: undefined,
        sourcePorts: undefined,
        icmpTypes: [[types[at] ?? 0, types[at] ?? 0]],
        name: layer.names?.[index] ?? "",
      }));
    }
    const { kinds } = sides(this.model)[0];
    const ranks = { kinds: box[KIND] as Ranks, ports: box[PORT] as Ranks, sourcePorts: box[SOURCE_PORT] as Ranks, special: true };
    return mergedServices(serviceClasses(ranks, { family, kinds, ports: found.domain(PORT) }), family);
  }

  private interfaces(found: LayerClasses, ranks: Ranks, dimension: typeof IN | typeof OUT): readonly string[] | undefined {
    return interfacesIn([this.model], found.domain(dimension), ranks);
  }

  /** Both ends of a class, with a witness that the engine shows on both sides, where one of a few does. */
  private fates(layer: Layer, { before, after, members }: ClassBox): { readonly before: Fate; readonly after: Fate } {
    const member = this.member(layer, members);
    let first: { readonly before: Fate; readonly after: Fate } | undefined;
    for (const prefer of this.preferences) {
      const witness = member && this.witness(layer, member, prefer);
      const found = {
        before: this.fate(before, member?.ends.before, witness, this.before),
        after: this.fate(after, member?.ends.after, witness, this.after),
      };
      if ([found.before, found.after].every(({ confirmation }) => confirmation?.confirmed !== false)) return found;
      first ??= found;
    }
    return first ?? { before: { ...UNSHOWN, text: before }, after: { ...UNSHOWN, text: after } };
  }

  /** Members of one kind that end the same way. */
  private member(layer: Layer, members: ClassBox["members"]): Member | undefined {
    const { space } = this.model;
    const { diagrams } = space;
    const top = space.fieldLevel("ctstate");
    const part = layer.parts.find(({ index }) => diagrams.restrict(members, top, index) !== NO);
    if (part === undefined) return undefined;
    const own = diagrams.restrict(members, top, part.index);
    // Of several ends that are told together, the witness has one.
    const leaf = diagrams.leavesOf(diagrams.choose(own, part.diagram, NO)).find(each => each !== NO);
    if (leaf === undefined) return undefined;
    const set = diagrams.and(
      own,
      diagrams.mapLeaves(part.diagram, other => (other === leaf ? YES : NO)),
    );
    return { part, set, ends: space.valueOf(leaf) as Difference };
  }

  /** A member in the packet notation. */
  private witness(layer: Layer, { part, set, ends }: Member, prefer: Preferences): Witness | undefined {
    return witnessOf(this.model.space, set, {
      path: this.path,
      about: layer.about,
      claim: ends.after.claim ?? ends.before.claim ?? "dropped",
      kind: part.kind,
      shape: part.shape,
      prefer,
      ...(layer.state !== undefined && { state: layer.state }),
    });
  }

  private fate(text: string, seen: Seen | undefined, witness: Witness | undefined, side: Firewall): Fate {
    if (witness === undefined || seen?.claim === undefined) return { ...UNSHOWN, text };
    const own: Witness = { ...witness, claim: seen.claim, ...(seen.role !== undefined && { role: seen.role }) };
    const confirmation = confirm(own, { ...side, sets: this.before.sets, host: this.model.host });
    return { text, by: confirmation.decidedBy, witness: own, confirmation };
  }
}

const within = (inner: Ranges, outer: Ranges): boolean => isSubset(inner as IntervalSet<Scalar>, outer as IntervalSet<Scalar>);

const UNSHOWN: Fate = { text: "", by: undefined, witness: undefined, confirmation: undefined };

/** Members of a class of one kind, and how they end. */
interface Member {
  readonly part: Part;
  readonly set: ClassBox["members"];
  readonly ends: Difference;
}
