import type { Field, Predicate } from "../../predicate/index.ts";
import { showScalar } from "../value.ts";
import { having, type Phrase } from "./phrase.ts";
import { statusText } from "./state.ts";
import { both, either } from "./words.ts";

const DSCP_MASK = 0xfc;
const ECN_MASK = 0x03;
const EF = 46;

/** `46 (EF)`, `8 (CS1)`, `10 (AF11)`: a code point with the name of its class. */
export function dscpText(code: number): string {
  const drop = (code & 7) >> 1;
  const assured = (code & 1) === 0 && code >= 10 && code < 40 && drop > 0;
  const name =
    code === EF ? "EF" : (code & 7) === 0 ? (code === 0 ? "BE" : `CS${code >> 3}`) : assured ? `AF${code >> 3}${drop}` : undefined;
  return name === undefined ? `${code}` : `${code} (${name})`;
}

type Bits = Extract<Predicate, { is: "bits" }>;

/** Tests of bits that are known by better words than a value and a mask. */
export function bitsPhrase({ field, mask, value }: Bits, negated: boolean): Phrase | undefined {
  switch (field) {
    case "ctstatus": {
      const text = mask === value ? statusText(Number(mask), negated) : undefined;
      return text === undefined ? undefined : { slot: "whose", text };
    }
    case "tos":
      if (mask === DSCP_MASK) return having("DSCP")(dscpText(Number(value) >> 2), negated);
      if (mask === ECN_MASK) return having("ECN code point")(`${value}`, negated);
      return mask === 0xff ? having("type of service")(showScalar("tos", value, 4), negated) : undefined;
    case "tcpoptions": {
      const kind = BigInt(mask).toString(2).length - 1;
      return { slot: "with", text: `${negated ? "no" : "a"} TCP option of kind ${kind}` };
    }
    case "extheaders":
      return headersPhrase(Number(mask), Number(value), negated);
    case "rpf": {
      const options = Math.log2(Number(mask));
      const way = (options & 1) !== 0 ? "way back to its source" : "way back to its source by the interface it came in by";
      return { slot: "that", text: `has ${negated ? "no" : "a"} ${way}` };
    }
    default:
      return undefined;
  }
}

const HEADERS: Field = "extheaders";
const headerNames = (bits: number): readonly string[] => showScalar(HEADERS, bits, 6).split("+");

function headersPhrase(mask: number, value: number, negated: boolean): Phrase | undefined {
  const names = headerNames(mask);
  if (value === mask)
    return {
      slot: "with",
      text: negated
        ? `not all of the extension headers ${both(names)}`
        : `the extension header${names.length > 1 ? "s" : ""} ${both(names)}`,
    };
  if (value === 0) return { slot: "with", text: negated ? `an extension header ${either(names)}` : `no extension header ${either(names)}` };
  return undefined;
}
