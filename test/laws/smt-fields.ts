/** Fields and tests of fields in SMT-LIB: bit vectors, with a flag for those that a packet may lack. */
import { FIELDS, memberText, type Family, type Field, type Predicate, type Scalar } from "../../src/predicate/index.ts";

/** Fields that every packet has, where there is a packet. */
export const ALWAYS: ReadonlySet<Field> = new Set([
  "family",
  "saddr",
  "daddr",
  "iif",
  "oif",
  "fragoff",
  "morefrags",
  "l4length",
  "length",
  "ttl",
  "tos",
  "mark",
  "priority",
  "pkttype",
  "socket",
  "ctstate",
  "ctzone",
  "cpu",
  "realm",
  "rpf",
  "ipsecin",
  "ipsecout",
]);

/** What two rulesets share: the packet, and how conditions that no field decides turn out. */
export class SmtFields {
  readonly #family: Family;
  readonly #declared: Map<string, string> = new Map();
  readonly #names: readonly string[];

  /** `texts` are all names that tests compare with, prefixes with a final `+`. */
  constructor(family: Family, texts: Iterable<string>) {
    this.#family = family;
    // Two strings that no test tells apart are one: each text itself, and something else that begins with it.
    const names = new Set([""]);
    for (const text of texts) {
      const start = text.endsWith("+") ? text.slice(0, -1) : text;
      names.add(start);
      names.add(`${start}\u007e`);
    }
    names.add("\u007e");
    this.#names = [...names];
  }

  get declarations(): string[] {
    return [...this.#declared.values()];
  }

  /** What the solver said of a field, as the field's value. */
  value(field: Field, number: bigint): Scalar | string {
    if (FIELDS[field].kind === "name") return this.#names[Number(number)] ?? "";
    return this.#width(field) > 53 ? number : Number(number);
  }

  /** A predicate as a boolean term. */
  text(predicate: Predicate): string {
    switch (predicate.is) {
      case "constant":
        return String(predicate.value);
      case "not":
        return `(not ${this.text(predicate.of)})`;
      case "all":
        return `(and true ${predicate.of.map(part => this.text(part)).join(" ")})`;
      case "any":
        return `(or false ${predicate.of.map(part => this.text(part)).join(" ")})`;
      case "present":
        return this.#present(predicate.field);
      case "in":
        return this.#numeric(
          predicate.field,
          width => `(or false ${predicate.ranges.map(range => this.#range(predicate.field, width, range)).join(" ")})`,
        );
      case "bits":
        return this.#numeric(predicate.field, width => this.#masked(predicate.field, width, predicate.mask, predicate.value));
      case "name":
        return this.#named(predicate.field, predicate.text, predicate.prefix);
      case "member":
        return this.#free(`set ${memberText(predicate.test)}`);
      case "opaque":
        return this.#free(`condition ${predicate.opaque.about}`);
    }
  }

  #numeric(field: Field, term: (width: number) => string): string {
    if (FIELDS[field].kind === "name") return "false";
    this.#declare(field);
    return `(and ${this.#present(field)} ${term(this.#width(field))})`;
  }

  #range(field: Field, width: number, [low, high]: readonly [Scalar, Scalar]): string {
    const last = (1n << BigInt(width)) - 1n;
    const [from, to] = [BigInt(low), BigInt(high)];
    if (from > last || from > to) return "false";
    return `(and (bvuge ${field} ${literal(from, width)}) (bvule ${field} ${literal(to > last ? last : to, width)}))`;
  }

  #masked(field: Field, width: number, mask: Scalar, value: Scalar): string {
    const last = (1n << BigInt(width)) - 1n;
    // Two's complement stands for the same 32 bits.
    const kept = BigInt(mask) & (typeof mask === "number" ? 0xffffffffn : -1n) & last;
    if (BigInt(value) < 0n || (BigInt(value) & ~kept) !== 0n) return "false";
    return `(= (bvand ${field} ${literal(kept, width)}) ${literal(BigInt(value), width)})`;
  }

  #named(field: Field, text: string, prefix: boolean): string {
    if (FIELDS[field].kind !== "name") return "false";
    this.#declare(field);
    const fits = this.#names.flatMap((name, index) => ((prefix ? name.startsWith(text) : name === text) ? [index] : []));
    return `(and ${this.#present(field)} (or false ${fits.map(index => `(= ${field} ${literal(BigInt(index), NAME_BITS)})`).join(" ")}))`;
  }

  #present(field: Field): string {
    this.#declare(field);
    if (ALWAYS.has(field)) return "true";
    const flag = `has_${field}`;
    if (!this.#declared.has(flag)) this.#declared.set(flag, `(declare-const ${flag} Bool)`);
    return flag;
  }

  #declare(field: Field): void {
    if (this.#declared.has(field)) return;
    const named = FIELDS[field].kind === "name";
    const width = this.#width(field);
    const limit = named ? `\n(assert (bvult ${field} ${literal(BigInt(this.#names.length), NAME_BITS)}))` : "";
    this.#declared.set(field, `(declare-const ${field} (_ BitVec ${width}))${limit}`);
    if (field === "family") this.#declared.set("family =", `(assert (= family ${literal(BigInt(this.#family), width)}))`);
  }

  #free(about: string): string {
    const name = `|${about.replaceAll(/[|\\]/g, "_")}|`;
    if (!this.#declared.has(name)) this.#declared.set(name, `(declare-const ${name} Bool)`);
    return name;
  }

  #width(field: Field): number {
    const { kind, bits } = FIELDS[field];
    if (kind === "name") return NAME_BITS;
    return kind === "address" && this.#family === 4 ? 32 : bits;
  }
}

const NAME_BITS = 16;
const literal = (value: bigint, width: number): string => `(_ bv${value} ${width})`;
