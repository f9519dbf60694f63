import { Unsayable } from "./unsayable.ts";

/** Longest name of a chain or set that nft takes. nftables: NFT_NAME_MAXLEN less the byte that ends it. */
const NAME_MAX = 127;
/** Longest text of a rule's comment. libnftnl: NFTNL_UDATA_COMMENT_MAXLEN. */
export const COMMENT_MAX = 127;

/** A quoted string as nft reads it, which knows no escapes and replaces `$name`. Throws Unsayable. */
export function quoted(text: string, what: string): string {
  if (/["\\$\n\0]/.test(text)) throw new Unsayable(`nft cannot quote the ${what} ${JSON.stringify(text)}`);
  return `"${text}"`;
}

/** An interface name: a star at its end stands for any rest, and a star that is part of the name is escaped. */
export function interfaceName(name: string, wildcard: boolean): string {
  if (name.slice(0, -1).includes("*"))
    throw new Unsayable(`nft takes the star in the interface name ${JSON.stringify(name)} for a wildcard`);
  const literal = name.endsWith("*") ? name.slice(0, -1) : name;
  const text = quoted(literal, "interface name");
  return `${text.slice(0, -1)}${name.endsWith("*") ? "\\*" : ""}${wildcard ? "*" : ""}"`;
}

/** Gives each name an identifier of its own: letters, digits, `/`, `-`, `_` and `.`, a letter first. */
export class Identifiers {
  readonly #given = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The same identifier for the same name. */
  of(name: string): string {
    const known = this.#given.get(name);
    if (known !== undefined) return known;
    const plain = [...name]
      .map(letter => (/[A-Za-z0-9_.\-/]/.test(letter) ? letter : `_x${letter.codePointAt(0)?.toString(16)}_`))
      .join("");
    const made = this.fresh((/^[A-Za-z]/.test(plain) ? plain : `c_${plain}`).slice(0, NAME_MAX - 8));
    this.#given.set(name, made);
    return made;
  }

  /** An identifier that nothing else has, as near to the wish as can be. */
  fresh(wish: string): string {
    let made = wish;
    for (let n = 2; this.#taken.has(made); n++) made = `${wish}-${n}`;
    this.#taken.add(made);
    return made;
  }
}
