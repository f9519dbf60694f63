import type { ServerWords } from "../engine/index.ts";
import type { Field } from "../predicate/index.ts";
import {
  INSTANCES,
  LOCAL_DESTINATION,
  LOCAL_SOURCE,
  sample,
  SETTING_OUT,
  type Diagram,
  type Sample,
  type Space,
} from "../symbolic/index.ts";
import { fieldWords } from "./field-words.ts";
import { packetText } from "./witness-packet.ts";
import { preferencesFor, wishesFor, type WitnessWish } from "./witness-wish.ts";
import type { Behind, Condition, Witness } from "./witness.ts";

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
  const server = said(SERVER_WORDS.map(([word, field]) => [word, number(INSTANCES.answer, field)] as const));
  const lengths = said([
    ["answer", number(INSTANCES.answer, "length")],
    ["client", number(INSTANCES.client, "length")],
    ["server", number(INSTANCES.server, "length")],
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
