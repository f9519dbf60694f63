import type { Field, Predicate, Range, SetTest } from "../../predicate/index.ts";
import { fieldText } from "./field-text.ts";
import { compare, sayBits } from "./say-comparison.ts";
import { sayOpaque } from "./say-condition.ts";
import { sayFragment, sayMore, sayTransportLength } from "./say-extent.ts";
import { sayPresent } from "./say-presence.ts";
import { ALWAYS, contrary, holdsFor, NEVER, sayText, type Said, type Scene } from "./said.ts";
import type { Literal } from "./terms.ts";
import { Unsayable } from "./unsayable.ts";
import { interfaceName } from "./words.ts";

/** A literal in nft's words. Throws Unsayable. */
export function say({ of, negated }: Literal, scene: Scene): Said {
  switch (of.is) {
    case "in":
      return sayRanges(of.field, of.ranges, negated, scene);
    case "bits":
      return sayBits(of, negated, scene);
    case "name":
      return sayName(of, negated);
    case "present":
      return sayPresent(of.field, negated, scene);
    case "member":
      return saySet(of.test, negated, scene);
    case "opaque":
      return sayOpaque(of.opaque, negated, scene);
    default:
      throw new Unsayable("nft cannot say it");
  }
}

function saySet(test: SetTest, negated: boolean, { family, whole, sets }: Scene): Said {
  const said = sets.test(test, family);
  if (said === undefined) return negated ? ALWAYS : NEVER;
  const { text, total, ports } = said;
  if (ports && !whole && family === 6)
    throw new Unsayable("nft would look up ports of later fragments: let a rule ask for connection tracking");
  if (negated && total) return { kind: "match", text: text.replace(/ (@\S+)$/, " != $1") };
  return sayText(ports && !whole ? `ip frag-off & 0x1fff == 0 ${text}` : text, negated);
}

function sayRanges(field: Field, ranges: readonly Range[], negated: boolean, scene: Scene): Said {
  switch (field) {
    case "family":
      return holdsFor(ranges, scene.family) !== negated ? ALWAYS : NEVER;
    case "fragoff":
      return sayFragment(ranges, negated, scene);
    case "morefrags":
      return negated ? contrary(sayMore(ranges, scene)) : sayMore(ranges, scene);
    case "l4length":
      return sayTransportLength(ranges, negated, scene);
    case "socket":
      throw new Unsayable("nft cannot ask whether there is a local socket, only whose it is");
    case "ctstate":
      return sayState(ranges, negated);
    case "saddrtype":
    case "daddrtype":
    case "saddrtypeIn":
    case "daddrtypeIn":
    case "saddrtypeOut":
    case "daddrtypeOut":
      if (scene.family === 6 && !holdsFor(ranges, LOCAL) && !holdsFor(ranges, ANYCAST))
        throw new Unsayable("nft asks routing another question than iptables does for unreachable IPv6 addresses");
      return compare(field, ranges, negated, scene);
    default:
      return compare(field, ranges, negated, scene);
  }
}

/** Routing types. Kernel: rtnetlink.h, RTN_LOCAL and RTN_ANYCAST. */
const LOCAL = 2;
const ANYCAST = 4;

function sayState(ranges: readonly Range[], negated: boolean): Said {
  const states = ["invalid", "new", "established", "related", "untracked"].filter((_, state) => holdsFor(ranges, state) !== negated);
  return states.length === 0 ? NEVER : states.length === 5 ? ALWAYS : { kind: "match", text: `ct state ${states.join(",")}` };
}

function sayName({ field, text, prefix }: Extract<Predicate, { is: "name" }>, negated: boolean): Said {
  if (prefix && text === "") return negated ? NEVER : ALWAYS;
  switch (field) {
    case "iif":
    case "oif": {
      if (text === "") throw new Unsayable("nft has no word for no interface");
      return { kind: "match", text: `${field}name ${negated ? "!= " : ""}${interfaceName(text, prefix)}` };
    }
    case "cthelper":
      if (text.length > HELPER_NAME_MAX) throw new Unsayable(`nft takes no name of a helper beyond ${HELPER_NAME_MAX} letters`);
      return sayText(`ct helper ${interfaceName(text, prefix)}`, negated);
    default:
      fieldText(field);
      throw new Unsayable("nft compares no such name");
  }
}

/** Kernel: NF_CT_HELPER_NAME_LEN less the byte that ends it. */
const HELPER_NAME_MAX = 15;
