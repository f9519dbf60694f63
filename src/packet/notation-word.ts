import { readNumber } from "./notation-text.ts";
import type { Token } from "./notation-text.ts";
import type { PacketSpec } from "./packet-spec.ts";

/** A spec while its words are being read. */
export type Draft = { -readonly [Key in keyof PacketSpec]: PacketSpec[Key] };

/** One word of the notation: how it is read and how it is printed. */
export interface Word {
  readonly word: string;
  /** What must follow it, for people; empty when nothing may. */
  readonly takes: string;
  /** Protocols whose header it speaks of; undefined for the packet as a whole. */
  readonly protocols?: readonly number[];
  readonly family?: 4 | 6;
  /** Puts the argument into the draft; false when it is none. The token is undefined where nothing is taken. */
  read(draft: Draft, token: Token | undefined): boolean;
  /** The argument to print; undefined when the spec does not say the word. */
  print(spec: PacketSpec): string | undefined;
}

/** Keys of a spec whose values are of one type. */
type KeysOf<T> = {
  [Key in keyof PacketSpec]-?: NonNullable<PacketSpec[Key]> extends T ? (T extends NonNullable<PacketSpec[Key]> ? Key : never) : never;
}[keyof PacketSpec];
/** Of which headers a word speaks. */
export type Scope = Pick<Word, "protocols" | "family">;

/** A word that a number follows. */
export function number(word: string, key: KeysOf<number>, max: number, scope: Scope = {}): Word {
  return {
    word,
    takes: max === 0xffffffff ? "NUMBER" : `0-${max}`,
    ...scope,
    read(draft, token) {
      const value = readNumber(token?.text ?? "", max);
      if (value === undefined) return false;
      draft[key] = value;
      return true;
    },
    print: spec => spec[key]?.toString(),
  };
}

/** The largest 32-bit number. */
export const U32 = 0xffffffff;
