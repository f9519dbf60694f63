import { intervals } from "../../packet/index.ts";
import type { Field, Predicate, Range, Scalar } from "../../predicate/index.ts";
import { fieldText, rangeText, type FieldText } from "./field-text.ts";
import { ALWAYS, NEVER, sayText, type Said, type Scene } from "./said.ts";
import { Unsayable } from "./unsayable.ts";

/** Is it certain that the packet has the field? */
function isKnown(field: Field, { presence }: FieldText, { family, known, protocol }: Scene): boolean {
  if (presence === "always") return true;
  if (presence === "connection") return known.connection;
  if (presence === "own") return known.own.has(field);
  if (field === "protocol") return family === 4 || known.transport >= 0;
  return known.transport >= presence.transport && protocol !== undefined;
}

function loadOf(field: Field, { presence }: FieldText): Field | "transport" | "connection" | undefined {
  if (presence === "always") return undefined;
  return presence === "connection" ? "connection" : presence === "own" ? field : "transport";
}

/** A field compared with values and ranges. */
export function compare(field: Field, ranges: readonly Range[], negated: boolean, scene: Scene): Said {
  const text = fieldText(field);
  const said = rangesText(ranges, text);
  if (said === undefined) return negated ? ALWAYS : NEVER;
  return finish(field, text, said, negated, scene);
}

/** An expression and what it is compared with, one way or the other. */
function finish(field: Field, text: FieldText, value: string, negated: boolean, scene: Scene, expression?: string): Said {
  const left = expression ?? text.expression(scene.family, scene.protocol);
  const certain = isKnown(field, text, scene);
  if (negated && !certain) return { kind: "unless", texts: [`${left} ${value}`] };
  const loads = loadOf(field, text);
  const demands = demandedBy(field, scene);
  return {
    kind: "match",
    text: `${left} ${negated ? "!= " : ""}${value}`,
    ...(loads && field !== "protocol" && { loads }),
    ...(demands !== undefined && { protocol: demands }),
  };
}

/** The protocol that nft demands by itself for a field of a transport header. */
function demandedBy(field: Field, { family, protocol }: Scene): number | undefined {
  if (field === "sport" || field === "dport") return protocol;
  if (field === "tcpflags") return 6;
  return field === "icmptype" || field === "icmpcode" ? (family === 4 ? 1 : 58) : undefined;
}

/** One value, a range, a network, or a set of those; undefined for none. */
function rangesText(ranges: readonly Range[], { value = String, scale }: FieldText): string | undefined {
  const scaled = scale ? ranges.map(scale) : ranges;
  const merged: readonly Range[] = scaled.every(([low]) => typeof low === "bigint")
    ? intervals(...(scaled as readonly (readonly [bigint, bigint])[]))
    : intervals(...(scaled as readonly (readonly [number, number])[]));
  const items = merged.map(range => rangeText(range, value));
  return items.length > 1 ? `{ ${items.join(", ")} }` : items[0];
}

const FULL: Partial<Readonly<Record<Field, Scalar>>> = { mark: 0xffffffff, ctmark: 0xffffffff, tos: 0xff, tcpflags: 0xff };

/** A field compared under a mask. Throws Unsayable. */
export function sayBits({ field, mask, value }: Extract<Predicate, { is: "bits" }>, negated: boolean, scene: Scene): Said {
  if (field === "tcpoptions") return sayOption(mask, negated, scene);
  const text = fieldText(field);
  const print = text.value ?? String;
  if ((BigInt(value) & ~BigInt(mask)) !== 0n) return negated ? ALWAYS : NEVER;
  const left = text.expression(scene.family, scene.protocol);
  if (field === "tos" && mask === 0xfc)
    return finish(field, text, `0x${(Number(value) >> 2).toString(16)}`, negated, scene, differentiated(scene));
  if (field === "tos" && scene.family === 6) return sayTrafficClass(Number(mask), Number(value), negated);
  if (isWhole(field, mask, scene)) return finish(field, text, print(value), negated, scene);
  const masked = `${left} & ${text.value === undefined ? `0x${mask.toString(16)}` : print(mask)}`;
  if (negated && !isKnown(field, text, scene)) return { kind: "unless", texts: [`${masked} == ${print(value)}`] };
  const loads = loadOf(field, text);
  const demands = demandedBy(field, scene);
  return {
    kind: "match",
    text: `${masked} ${negated ? "!=" : "=="} ${print(value)}`,
    ...(loads && { loads }),
    ...(demands !== undefined && { protocol: demands }),
  };
}

const differentiated = ({ family }: Scene): string => (family === 4 ? "ip dscp" : "ip6 dscp");

/** The traffic class lies across two bytes, of which nft 1.0 compares each by itself right, and both at once wrong. */
function sayTrafficClass(mask: number, value: number, negated: boolean): Said {
  const parts: string[] = [];
  const add = (bit: number, of: number, wanted: number): void => {
    if (of !== 0) parts.push(`@nh,${bit},8 & 0x${of.toString(16)} == 0x${wanted.toString(16)}`);
  };
  add(0, mask >> 4, value >> 4);
  add(8, (mask & 15) << 4, (value & 15) << 4);
  return parts.length === 0 ? (negated ? NEVER : ALWAYS) : sayText(parts.join(" "), negated);
}

const ADDRESSES: ReadonlySet<Field> = new Set(["saddr", "daddr", "ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst"]);

function isWhole(field: Field, mask: Scalar, { family }: Scene): boolean {
  if (ADDRESSES.has(field)) return family === 4 ? mask === 0xffffffff : mask === (1n << 128n) - 1n;
  return FULL[field] === mask;
}

function sayOption(mask: Scalar, negated: boolean, { known }: Scene): Said {
  const kind = BigInt(mask).toString(2).length - 1;
  if (1n << BigInt(kind) !== BigInt(mask)) throw new Unsayable("nft asks for one TCP option at a time");
  if (kind < 2)
    throw new Unsayable("nft does not look for an option of one byte at the end of the header (Linux 6.18, nft_exthdr_tcp_eval)");
  const there = `tcp option ${kind} exists`;
  if (negated && !known.own.has("tcpoptions")) return { kind: "unless", texts: [there] };
  return { kind: "match", text: negated ? `tcp option ${kind} missing` : there, loads: "tcpoptions" };
}
