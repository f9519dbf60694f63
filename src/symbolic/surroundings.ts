import {
  all,
  always,
  among,
  any,
  named,
  never,
  not,
  opaque,
  type Family,
  type Field,
  type Opaque,
  type Predicate,
  type Range,
  type SetTest,
} from "../predicate/index.ts";
import type { Host } from "../host/index.ts";
import type { Sets } from "../ruleset/index.ts";
import { addressTypes, type TypedRange } from "./address-types.ts";
import { setPredicate } from "./set-predicate.ts";

/** What is known besides the rules. */
export interface Known {
  readonly family: Family;
  readonly host?: Host | undefined;
  readonly sets?: Sets | undefined;
  /** µs since the epoch, for entries of sets that time out. */
  readonly now?: number;
}

/**
 * Says predicates about the surroundings (sets, kinds of addresses, ways back) as predicates about the packet, or as a named condition where
 * nobody knows. What rules say of the packet itself stays as it is.
 */
export class Surroundings {
  readonly known: Known;
  /** One sentence for each thing that nobody told. */
  readonly unknown: Set<string> = new Set();
  private readonly types: readonly TypedRange[] | undefined;
  private readonly conditions = new Map<string, Predicate>();
  private readonly members = new Map<string, Predicate>();
  private readonly prepared = new Map<Predicate, Predicate>();

  constructor(known: Known) {
    this.known = known;
    this.types = known.host && addressTypes(known.host, known.family);
  }

  /** The same predicate without `member` and without fields that only surroundings have. */
  prepare(predicate: Predicate): Predicate {
    switch (predicate.is) {
      case "opaque":
      case "constant":
        return predicate;
      case "present":
        return this.deviceGroup(predicate.field, () => true) ?? predicate;
      case "in":
        if (TYPE_FIELDS.has(predicate.field)) return this.addressType(predicate.field, predicate.ranges);
        if (GROUP_OF[predicate.field] === undefined) return predicate;
        return (
          this.deviceGroup(predicate.field, group => predicate.ranges.some(([low, high]) => low <= group && group <= high)) ?? predicate
        );
      case "bits":
        if (GROUP_OF[predicate.field] !== undefined)
          return (
            this.deviceGroup(predicate.field, group => (BigInt(group) & BigInt(predicate.mask)) === BigInt(predicate.value)) ?? predicate
          );
        return predicate.field === "rpf" || predicate.field === "localsocket"
          ? this.condition(`${predicate.field} ${predicate.mask}`, CONDITION_TEXT[predicate.field] ?? predicate.field)
          : predicate;
      case "name":
        return predicate;
      case "member":
        return this.member(predicate.test);
      case "not":
      case "all":
      case "any": {
        const known = this.prepared.get(predicate);
        if (known) return known;
        const result = this.prepareParts(predicate);
        this.prepared.set(predicate, result);
        return result;
      }
    }
  }

  /** Is a field asked of the surroundings, and not of the packet? */
  decides(field: Field): boolean {
    return TYPE_FIELDS.has(field) || GROUP_OF[field] !== undefined;
  }

  private prepareParts(predicate: Extract<Predicate, { is: "not" | "all" | "any" }>): Predicate {
    if (predicate.is === "not") {
      const of = this.prepare(predicate.of);
      return of === predicate.of ? predicate : not(of);
    }
    let changed = false;
    const parts = predicate.of.map(part => {
      const result = this.prepare(part);
      changed ||= result !== part;
      return result;
    });
    if (!changed) return predicate;
    return predicate.is === "all" ? all(...parts) : any(...parts);
  }

  private member(test: SetTest): Predicate {
    const key = `${test.set} ${test.dimensions.join()} ${test.returnNomatch} ${test.packets?.op}${test.packets?.value} ${test.bytes?.op}${test.bytes?.value}`;
    let result = this.members.get(key);
    if (result === undefined) {
      const { sets, family, now = 0 } = this.known;
      result = sets && setPredicate(test, sets, family, now);
      if (result === undefined) {
        this.unknown.add(`the contents of the set ${test.set} are not known`);
        result = { is: "member", test };
      }
      this.members.set(key, result);
    }
    return result;
  }

  /** Kinds of addresses: by the host's routes, or without one by what every machine has. */
  private addressType(field: Field, ranges: readonly Range[]): Predicate {
    const wanted = (type: number): boolean => ranges.some(([low, high]) => low <= type && type <= high);
    const address: Field = field.startsWith("saddr") ? "saddr" : "daddr";
    const { host, family } = this.known;
    const asked = DEVICE_OF[field];
    if (host !== undefined && asked !== undefined)
      return any(
        ...host.interfaces.map(({ name }) => {
          const own = addressTypes(host, family, name).filter(({ type }) => type !== undefined && wanted(type));
          return all(named(asked, name), among(address, ...own.map(({ range }) => range)));
        }),
      );
    const types = this.types ?? COMMON_TYPES[this.known.family];
    const fixed = types.filter(({ type }) => type !== undefined && wanted(type)).map(({ range }) => among(address, range));
    const open = types.filter(({ type }) => type === undefined).map(({ range }) => range);
    if (this.types !== undefined || open.length === 0) return any(...fixed);
    // Without a host an ordinary address is local or unicast; which one the path says, see `Path`.
    const choices: Predicate[] = [];
    const local = this.localCondition(address);
    if (wanted(LOCAL) && wanted(UNICAST)) choices.push(always);
    else if (wanted(LOCAL)) choices.push(local);
    else if (wanted(UNICAST)) choices.push(not(local));
    else choices.push(never);
    return any(...fixed, all(among(address, ...open), ...choices));
  }

  /** Has anything that was prepared asked whether an address is the machine's own, and nobody knows? */
  asksOwn(address: "saddr" | "daddr"): boolean {
    return this.conditions.has(`local ${address}`);
  }

  /** Is the address the machine's own? A condition named by the end, which paths decide. */
  private localCondition(address: "saddr" | "daddr"): Predicate {
    return this.condition(`local ${address}`, address === "saddr" ? LOCAL_SOURCE : LOCAL_DESTINATION);
  }

  /** Groups of interfaces, where a host says them: the interfaces whose group is wanted. */
  private deviceGroup(field: Field, wanted: (group: number) => boolean): Predicate | undefined {
    const device = GROUP_OF[field];
    const { host } = this.known;
    if (device === undefined || host === undefined) return undefined;
    return any(...host.interfaces.filter(({ group = 0 }) => wanted(group)).map(({ name }) => named(device, name)));
  }

  private condition(key: string, about: string): Predicate {
    let result = this.conditions.get(key);
    if (result === undefined) {
      const step: Opaque<undefined> = {
        name: key,
        about,
        depends: "packet",
        share: `surroundings ${key}`,
        start: () => undefined,
        step: () => false,
      };
      result = opaque(step);
      this.conditions.set(key, result);
    }
    return result;
  }
}

/** Names of the two conditions that the path decides where no host is known. */
export const LOCAL_SOURCE = "the source is an address of this machine";
export const LOCAL_DESTINATION_KEY = "surroundings local daddr";
export const LOCAL_DESTINATION = "the destination is an address of this machine";

const CONDITION_TEXT: Readonly<Record<string, string>> = {
  rpf: "the way back to the source leads by the interface that the packet came in on",
  localsocket: "a local socket is the packet's",
};

const UNICAST = 1;
const LOCAL = 2;

const TYPE_FIELDS: ReadonlySet<Field> = new Set(["saddrtype", "daddrtype", "saddrtypeIn", "daddrtypeIn", "saddrtypeOut", "daddrtypeOut"]);

/** The interface that is asked, for tests of one interface's addresses. */
const DEVICE_OF: Readonly<Partial<Record<Field, Field>>> = {
  saddrtypeIn: "iif",
  daddrtypeIn: "iif",
  saddrtypeOut: "oif",
  daddrtypeOut: "oif",
};

/** The interface whose group is asked. */
const GROUP_OF: Readonly<Partial<Record<Field, Field>>> = { indevgroup: "iif", outdevgroup: "oif" };

/** Kinds of addresses on any machine: RTN_BROADCAST 3, RTN_MULTICAST 5, RTN_LOCAL 2; undefined where it depends on the machine. */
const COMMON_TYPES: Readonly<Record<Family, readonly TypedRange[]>> = {
  4: [
    { range: [0, 0x00ffffff], type: 3 },
    { range: [0x01000000, 0x7effffff], type: undefined },
    { range: [0x7f000000, 0x7fffffff], type: 2 },
    { range: [0x80000000, 0xdfffffff], type: undefined },
    { range: [0xe0000000, 0xefffffff], type: 5 },
    { range: [0xf0000000, 0xfffffffe], type: undefined },
    { range: [0xffffffff, 0xffffffff], type: 3 },
  ],
  6: [
    { range: [0n, 0n], type: 0 },
    { range: [1n, 1n], type: 2 },
    { range: [2n, (0xffn << 120n) - 1n], type: undefined },
    { range: [0xffn << 120n, (1n << 128n) - 1n], type: 5 },
  ],
};
