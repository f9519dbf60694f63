/** Fields and tests of fields in SMT-LIB: bit vectors, with a flag for those that a packet may lack. */
import { FIELDS, type Family, type Field, type Predicate, type Scalar, type SetTest } from "../../src/predicate/index.ts";
import { isAlwaysThere } from "../../src/symbolic/index.ts";

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

  /** What is true of every packet: the kinds of addresses are what the addresses and the machine make them, as where no machine is known. */
  get axioms(): string[] {
    const axioms: string[] = [];
    for (const end of ["saddr", "daddr"] as const)
      for (const suffix of ["", "In", "Out"]) {
        const type = `${end}type${suffix}` as Field;
        if (!this.#declared.has(type)) continue;
        const local = this.#free(`local ${end}`);
        this.#declare(end);
        axioms.push(`(assert (= ${type} ${this.#kindOf(end, local)}))`);
      }
    return axioms;
  }

  /** UNICAST 1, LOCAL 2, BROADCAST 3, MULTICAST 5; 0 for `::`. */
  #kindOf(end: "saddr" | "daddr", local: string): string {
    const within = (low: bigint, high: bigint): string => this.#range(end, this.#width(end), [low, high]);
    const kind = (number: bigint): string => literal(number, 8);
    const ordinary = `(ite ${local} ${kind(2n)} ${kind(1n)})`;
    if (this.#family === 6)
      return `(ite ${within(0n, 0n)} ${kind(0n)} (ite ${within(1n, 1n)} ${kind(2n)} (ite ${within(0xffn << 120n, (1n << 128n) - 1n)} ${kind(5n)} ${ordinary})))`;
    const broadcast = `(or ${within(0n, 0xffffffn)} ${within(0xffffffffn, 0xffffffffn)})`;
    return `(ite ${broadcast} ${kind(3n)} (ite ${within(0x7f000000n, 0x7fffffffn)} ${kind(2n)} (ite ${within(0xe0000000n, 0xefffffffn)} ${kind(5n)} ${ordinary})))`;
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
        return this.#free(memberName(predicate.test));
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
    if (isAlwaysThere(field)) return "true";
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

/** What tells looks into sets apart. */
export function memberName({ set, dimensions, returnNomatch, packets, bytes }: SetTest): string {
  const counted = [packets, bytes].map(each => (each ? `${each.op} ${each.value}` : "any")).join(" ");
  return `set ${set} ${dimensions.join()} ${returnNomatch} ${counted}`;
}

const NAME_BITS = 16;
const literal = (value: bigint, width: number): string => `(_ bv${value} ${width})`;
