import { printNotation, type PacketSpec } from "../packet/index.ts";
import { sessionLengths, type ServerWords } from "../engine/index.ts";
import type { Family, Field, Scalar, Value } from "../predicate/index.ts";
import { connectedNetworks, type Host } from "../host/index.ts";
import {
  lengthsOf,
  LOCAL_DESTINATION,
  LOCAL_SOURCE,
  ORDINARY_MSS,
  sample,
  SETTING_OUT,
  type Diagram,
  type Preferences,
  type Sample,
  type SessionKind,
  type Shape,
  type Space,
  type Wish,
} from "../symbolic/index.ts";
import { fieldWords } from "./field-words.ts";
import type { Behind, Condition, Path, Role, Witness } from "./witness.ts";

/** What is wanted of a witness besides that it is in the set. */
export interface WitnessWish {
  readonly path: Path;
  readonly about: Witness["about"];
  readonly claim: Witness["claim"];
  readonly role?: Role | undefined;
  /** Of a session: its kind. Of a packet: its protocol stands in the shape or in the set. */
  readonly kind?: SessionKind | undefined;
  /** Fields of the packet that the set does not ask for. */
  readonly shape?: Shape | undefined;
  /** Values to take where the set leaves it open, before the usual ones. */
  readonly prefer?: Preferences | undefined;
  /** `ct` word of a packet: what tracking is to say of it. */
  readonly state?: PacketSpec["ctState"] | undefined;
}

/** An ordinary member of a set as a witness; undefined for the empty set. */
export function witnessOf(space: Space, set: Diagram, wish: WitnessWish): Witness | undefined {
  const { family } = space;
  const { host } = space.surroundings.known;
  const member = sample(space, set, preferencesFor(family, wish, host), wish.about === "session" ? wishesFor(family, wish) : []);
  if (member === undefined) return undefined;
  const found = wish.path === "out" && turns(space) ? unbound(member) : member;
  const behind = behindOpener(found);
  return {
    family,
    path: wish.path,
    packet: packetText(family, found, wish, askedOf(space, found)),
    about: wish.about,
    claim: wish.claim,
    ...(wish.role !== undefined && { role: wish.role }),
    depends: [
      ...found.conditions.filter(({ about }) => about !== LOCAL_SOURCE && about !== LOCAL_DESTINATION),
      ...found.choices.map(about => ({ about: `chance: ${about}`, holds: true })),
      ...unsaid(space, found, wish),
    ],
    ...(behind !== undefined && { behind }),
  };
}

/** What packets of a session other than its opener are to be like, where nothing else is asked: as the engine plays them. */
function wishesFor(family: Family, { path, kind }: WitnessWish): readonly Wish[] {
  const own = (local: boolean): readonly Value[] => (local ? [1] : []);
  const wishes: Wish[] = [
    { field: "socket", instance: CLIENT, values: own(path === "out" || path === "local") },
    { field: "socket", instance: ANSWER, values: own(path === "in" || path === "local") },
    { field: "uid", instance: ANSWER, values: [0] },
    { field: "gid", instance: ANSWER, values: [0] },
  ];
  if (kind === undefined) return wishes;
  const { protocol, icmpType } = kind;
  const address = UNSPECIFIED[family];
  const icmp = icmpType === undefined ? {} : { icmp: { type: icmpType, code: 0 } };
  const lengths = sessionLengths({ session: true, family, protocol, source: { address }, destination: { address }, ...icmp });
  const expires = LEFT.get(protocol) ?? [600, 600];
  for (const [index, part] of (["answer", "client", "server"] as const).entries())
    wishes.push(
      { field: "length", instance: ANSWER + index, values: [lengths[part]] },
      { field: "ctexpire", instance: ANSWER + index, values: [expires[Math.min(index, 1)]] },
    );
  return wishes;
}

/** Instances of levels, see `Level`. */
const [CLIENT, ANSWER, LATER_CLIENT, LATER_SERVER] = [0, 1, 2, 3];

/** Seconds that connections of a protocol have left at the answer and later on, as tracking sets them unless told otherwise. */
const LEFT: ReadonlyMap<number, readonly [answer: number, later: number]> = new Map([
  [1, [30, 30]],
  [6, [60, 432_000]],
  [17, [30, 30]],
  [58, [30, 30]],
  [132, [3, 210]],
  [136, [30, 30]],
]);

const UNSPECIFIED: Readonly<Record<Family, Scalar>> = { 4: 0, 6: 0n };

/** What a sample says of packets behind the opener; undefined where that is nothing. */
function behindOpener({ others }: Sample): Behind | undefined {
  const number = (instance: number, field: Field): number | undefined => {
    const value = others.get(instance)?.get(field);
    return value === undefined || typeof value === "string" ? undefined : Number(value);
  };
  const said = <Key extends string>(pairs: readonly (readonly [Key, number | undefined])[]): Partial<Record<Key, number>> | undefined => {
    const known = pairs.filter(([, value]) => value !== undefined);
    return known.length === 0 ? undefined : (Object.fromEntries(known) as Partial<Record<Key, number>>);
  };
  const server = said(SERVER_WORDS.map(([word, field]) => [word, number(ANSWER, field)] as const));
  const lengths = said([
    ["answer", number(ANSWER, "length")],
    ["client", number(LATER_CLIENT, "length")],
    ["server", number(LATER_SERVER, "length")],
  ]);
  return server || lengths ? { ...(server && { server }), ...(lengths && { lengths }) } : undefined;
}

/** What a server's packets may have, and the fields that rules ask. */
const SERVER_WORDS = [
  ["mac", "mac"],
  ["uid", "uid"],
  ["gid", "gid"],
  ["cpu", "cpu"],
  ["cgroup", "cgroup"],
  ["inGroup", "indevgroup"],
  ["outGroup", "outdevgroup"],
] as const satisfies readonly (readonly [keyof ServerWords, Field])[];

/** May NAT send what this machine sends by another interface than the one that it sets out for? */
const turns = (space: Space): boolean => space.levels.some(level => level.is === "field" && level.instance === SETTING_OUT);

/** A packet that NAT turns is not bound to the interface that it leaves by: routing is asked twice. */
const unbound = (found: Sample): Sample => ({ ...found, fields: new Map([...found.fields].filter(([field]) => field !== "oif")) });

/** Fields of its packet that a witness speaks of only where they matter. */
function askedOf(space: Space, { levels }: Sample): ReadonlySet<Field> {
  const asked = new Set(SENDERS.filter(field => space.used.has(field)));
  for (const number of levels) {
    const level = space.levels[number];
    if (level?.is === "field" && level.instance === 0) asked.add(level.field);
  }
  return asked;
}

/** Those that matter wherever some rule asks for them: the engine's packet has none unless it is said. */
const SENDERS: readonly Field[] = ["uid", "gid", "mss", "tcpoptions"];

/** What the notation does not say of the packet, or of those that answer it, where the set asks for it. */
function unsaid(space: Space, { levels }: Sample, { about }: WitnessWish): readonly Condition[] {
  const conditions = new Map<string, Condition>();
  for (const number of levels) {
    const level = space.levels[number];
    if (level?.is !== "field" || (level.instance === 0 && (SAID.has(level.field) || about === "packet"))) continue;
    const words = fieldWords(level.field, level.instance);
    conditions.set(words, { about: words, holds: true, key: `field ${level.field}`, answers: level.instance === 1 });
  }
  return [...conditions.values()];
}

/** Fields that a witness tells of its packet. */
const SAID: ReadonlySet<Field> = new Set([
  "protocol",
  "icmptype",
  "icmpcode",
  "tcpflags",
  "sport",
  "dport",
  "iif",
  "oif",
  "saddr",
  "daddr",
  "mac",
  "mark",
  "ttl",
  "tos",
  "length",
  "uid",
  "gid",
  "mss",
  "tcpoptions",
  "indevgroup",
  "outdevgroup",
  "cpu",
  "cgroup",
]);

/** Documentation addresses that stand for people outside and for this machine. */
const OUTSIDE: Readonly<Record<Family, readonly Scalar[]>> = {
  4: [0xcb007109, 0xcb007150, 0xc0000209],
  6: [(0x20010db8n << 96n) | (1n << 80n) | 9n, (0x20010db8n << 96n) | (2n << 80n) | 0x80n],
};
const OWN: Readonly<Record<Family, readonly Scalar[]>> = { 4: [0xc6336402, 0xc6336403], 6: [(0x20010db8n << 96n) | (0xfn << 64n) | 2n] };
const LOOPBACK: Readonly<Record<Family, Scalar>> = { 4: 0x7f000001, 6: 1n };

function preferencesFor(family: Family, { path, kind, shape, prefer }: WitnessWish, host: Host | undefined): Preferences {
  const own = [...ownAddresses(host, family), ...OWN[family]];
  const outside = OUTSIDE[family];
  const near = neighbours(host, family);
  const wires = host?.interfaces.filter(({ link }) => link !== "loopback").map(({ name }) => name) ?? [];
  const names = [...wires, "eth0", "eth1", "wan0", "lan0"];
  const usual = new Map<Field, readonly Value[]>([
    ["sport", [40000, 50000, 1024]],
    ["dport", [22, 80, 443, 53, 40001]],
    ["protocol", [6, 17, family === 4 ? 1 : 58]],
    ["saddr", path === "out" ? own : path === "local" ? [LOOPBACK[family], ...own] : [...outside, ...near, ...own]],
    ["daddr", path === "in" ? own : path === "local" ? [...own, LOOPBACK[family]] : [outside[1] as Scalar, ...outside, ...near]],
    ["iif", path === "out" ? [""] : path === "local" ? ["lo"] : names],
    ["oif", path === "in" ? [""] : path === "local" ? ["lo"] : path === "forward" ? names.toReversed() : names],
    ["ttl", [64]],
    ["tos", [0]],
    ["length", [ORDINARY_LENGTH[family], ORDINARY_LENGTH[family] + 20]],
    ["mark", [0]],
    ["ctmark", [0]],
    ["uid", [1000, 0]],
    ["gid", [1000, 0]],
    ["mss", [ORDINARY_MSS[family]]],
    ["icmpcode", [0]],
    ["socket", [path === "out" || path === "local" ? 1 : 0]],
  ]);
  if (kind !== undefined) usual.set("protocol", [kind.protocol]);
  for (const [field, value] of shape ?? kind?.opener ?? []) usual.set(field, [value]);
  for (const [field, values] of prefer ?? []) usual.set(field, [...values, ...(usual.get(field) ?? [])]);
  return usual;
}

const ownAddresses = (host: Host | undefined, family: Family): Scalar[] =>
  host?.interfaces.flatMap(({ link, addresses }) =>
    link === "loopback" ? [] : addresses.filter(own => own.family === family).map(({ address }) => address),
  ) ?? [];

/** One host of each network that is wide enough: the first address of a network is its name, and nobody's. */
const neighbours = (host: Host | undefined, family: Family): Scalar[] =>
  host === undefined
    ? []
    : connectedNetworks(host, family).flatMap(({ range: [low, high] }) => {
        const near = typeof low === "bigint" ? low + NEAR : low + Number(NEAR);
        return near < high ? [near] : [];
      });

const NEAR = 9n;

/** Bytes of a SYN with the usual options. */
const ORDINARY_LENGTH: Readonly<Record<Family, number>> = { 4: 60, 6: 80 };

/** A sample in the packet notation. `asked` are the fields that it speaks of besides those that every packet is told by. */
function packetText(
  family: Family,
  { fields, conditions }: Sample,
  { path, kind, shape, state }: WitnessWish,
  asked: ReadonlySet<Field>,
): string {
  const fixed = new Map<Field, Value>(shape ?? kind?.opener ?? []);
  const of = (field: Field): Value => (fixed.has(field) ? fixed.get(field) : fields.get(field));
  const number = (field: Field): number | undefined => {
    const value = of(field);
    return value === undefined || typeof value === "string" ? undefined : Number(value);
  };
  const protocol = kind?.protocol ?? number("protocol") ?? 6;
  const around = <Key extends keyof PacketSpec>(key: Key, field: Field): Partial<PacketSpec> => {
    const value = asked.has(field) ? number(field) : undefined;
    return value === undefined ? {} : { [key]: value };
  };
  const address = (field: Field): Scalar => {
    const value = fields.get(field) as Scalar;
    return family === 4 ? Number(value) : BigInt(value);
  };
  const ports = PORTED.has(protocol);
  const icmp = protocol === (family === 4 ? 1 : 58);
  const name = (field: "iif" | "oif"): string | undefined => {
    const value = fields.get(field);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const input = path === "out" ? undefined : path === "local" ? undefined : name("iif");
  // A packet to this machine that NAT sends on is told by where it comes in alone.
  const redirected = path === "forward" && conditions.some(({ about, holds }) => holds && about === LOCAL_DESTINATION);
  const output = path === "in" || redirected ? undefined : path === "local" ? "lo" : name("oif");
  const mark = number("mark");
  const mac = fields.get("mac");
  const ttl = number("ttl");
  const tos = number("tos");
  const length = number("length");
  const [least] = lengthsOf(family, protocol, shape ?? kind?.opener ?? []);
  const uid = path === "out" || path === "local" ? number("uid") : undefined;
  const gid = path === "out" || path === "local" ? number("gid") : undefined;
  const spec: PacketSpec = {
    session: false,
    family,
    protocol,
    source: { address: address("saddr"), ...(ports && { port: number("sport") ?? 40000 }) },
    destination: { address: address("daddr"), ...(ports && { port: number("dport") ?? 0 }) },
    ...(protocol === 6 && { tcpFlags: number("tcpflags") ?? 2 }),
    ...(icmp && { icmp: { type: number("icmptype") ?? (family === 4 ? 8 : 128), code: number("icmpcode") ?? 0 } }),
    ...(input !== undefined && { in: input }),
    ...(output !== undefined && { out: output }),
    ...(mark !== undefined && mark !== 0 && { mark }),
    ...(mac !== undefined && path !== "out" && path !== "local" && { mac: Number(mac) }),
    ...(ttl !== undefined && ttl !== 64 && { ttl }),
    ...(tos !== undefined && tos !== 0 && { tos }),
    ...(length !== undefined && asked.has("length") && { length: Math.max(length, least) }),
    ...(uid !== undefined && asked.has("uid") && { uid }),
    ...(gid !== undefined && asked.has("gid") && { gid }),
    ...((asked.has("mss") || asked.has("tcpoptions")) && protocol === 6 && number("tcpflags") === SYN && { mss: ORDINARY_MSS[family] }),
    ...around("inGroup", "indevgroup"),
    ...around("outGroup", "outdevgroup"),
    ...around("cpu", "cpu"),
    ...around("cgroup", "cgroup"),
    ...(state !== undefined && { ctState: state }),
  };
  return printNotation(spec);
}

/** The flag of TCP that opens. */
const SYN = 2;
const PORTED: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);
