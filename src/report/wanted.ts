import { maskLength } from "../packet/index.ts";
import { FIELDS, memberText, type Family, type Field, type Predicate, type Range, type Scalar, type Value } from "../predicate/index.ts";
import { fieldName, showScalar, showValue } from "./value.ts";

/** Why a condition failed, in words: `destination port is 25, not 22`. */
export function whyNot(wanted: Predicate, value: Value, family: Family): string {
  const tested = wanted.is === "not" ? wanted.of : wanted;
  if (tested.is === "bits" && tested.field === "rpf") return wayBackText(tested.mask, wanted.is === "not");
  switch (wanted.is) {
    case "in":
    case "bits":
    case "name":
    case "present": {
      const name = fieldName(wanted.field);
      if (value === undefined) return `has no ${name}`;
      if (wanted.is === "present") return `has no ${name}`;
      return `${name} ${verb(name)} ${showValue(wanted.field, value, family)}, not ${wantedText(wanted, family)}`;
    }
    case "not": {
      const of = wanted.of;
      if (of.is === "in" || of.is === "bits" || of.is === "name") {
        const is = showValue(of.field, value, family);
        const wants = wantedText(of, family);
        const name = fieldName(of.field);
        if (is === wants) return `${name} ${verb(name)} ${is}`;
        return of.is === "bits" && of.field === "tcpflags" ? `TCP flags are ${is}: ${wants}` : `${name} ${verb(name)} ${is}, in ${wants}`;
      }
      if (of.is === "present") return `has a ${fieldName(of.field)}`;
      if (of.is === "opaque") return of.opaque.about;
      if (of.is === "member") return memberText(of.test);
      return `not: ${predicateText(of, family)} holds`;
    }
    case "opaque":
      return wanted.opaque.depends === "packet" ? `not so: ${wanted.opaque.about}` : `not now: ${wanted.opaque.about}`;
    case "member":
      return memberText(wanted.test, "is not");
    case "constant":
      return "never matches";
    case "all":
      return `not so: ${predicateText(wanted, family)}`;
    case "any":
      if (wanted.of.every(part => part.is === "present"))
        return `has no ${[...new Set(wanted.of.map(part => fieldName(part.field)))].join(" and no ")}`;
      return `neither: ${wanted.of.map(part => predicateText(part, family)).join(", nor: ")}`;
  }
}

/** Which way back a reverse-path test found, or missed; a bit of the field `rpf` stands for the options asked. */
function wayBackText(bit: Scalar, found: boolean): string {
  const options = Math.log2(Number(bit));
  const way = (options & 1) !== 0 ? "way back to the source" : "way back to the source by this interface";
  return found ? `there is a ${way}` : `there is no ${way}`;
}

const verb = (name: string): "is" | "are" => (name.endsWith("s") && name !== "connection status" ? "are" : "is");

/** What a simple test wants of its field, of a list `most` items one by one: `22`, `10.0.0.0/8`, `eth+`, `syn of fin+syn+rst+ack`. */
export function wantedText(wanted: Extract<Predicate, { is: "in" | "bits" | "name" }>, family: Family, most: number = MOST_ITEMS): string {
  switch (wanted.is) {
    case "in":
      return listText(
        wanted.ranges.map(range => rangeText(wanted.field, range, family)),
        most,
      );
    case "bits":
      return bitsText(wanted.field, wanted.mask, wanted.value, family);
    case "name":
      if (wanted.prefix && !DEVICES.has(wanted.field)) return `${wanted.text}…`;
      return wanted.prefix ? `${wanted.text}+` : wanted.text === "" ? "none" : wanted.text;
  }
}

/** Fields whose names may end in a plus, for all that begin so. */
const DEVICES: ReadonlySet<Field> = new Set(["iif", "oif", "physin", "physout"]);

const MOST_ITEMS = 6;

function listText(items: readonly string[], most: number): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : items;
  return shown.length < 2 ? (shown[0] ?? "anything") : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

function rangeText(field: Field, [low, high]: Range, family: Family): string {
  if (low === high) return showScalar(field, low, family);
  if (field === "saddr" || field === "daddr") {
    const prefix = asPrefix(low, high, family);
    if (prefix !== undefined) return `${showScalar(field, low, family)}/${prefix}`;
  }
  return `${showScalar(field, low, family)}-${showScalar(field, high, family)}`;
}

/** The prefix length of a range that is a network. */
function asPrefix(low: Scalar, high: Scalar, family: Family): number | undefined {
  const bits = family === 4 ? 32n : 128n;
  const size = BigInt(high) - BigInt(low) + 1n;
  if ((size & (size - 1n)) !== 0n || BigInt(low) % size !== 0n) return undefined;
  let hostBits = 0n;
  while (1n << hostBits < size) hostBits++;
  return Number(bits - hostBits);
}

function bitsText(field: Field, mask: Scalar, value: Scalar, family: Family): string {
  if (field === "localsocket") return value === 1 ? "bound" : "transparent";
  if (field === "rpf") return showScalar(field, value, family);
  if (field === "ctlabels") return `label ${BigInt(mask).toString(2).length - 1}`;
  if (field === "tcpflags" || field === "extheaders") return `${showScalar(field, value, family)} of ${showScalar(field, mask, family)}`;
  if (field === "tcpoptions") return `option ${BigInt(mask).toString(2).length - 1}`;
  if (FIELDS[field].kind === "address") {
    const length = maskLength(family === 6 ? BigInt(mask) : Number(mask));
    if (length === (family === 6 ? 128 : 32)) return showScalar(field, value, family);
    return `${showScalar(field, value, family)}/${length ?? showScalar(field, mask, family)}`;
  }
  if (field === "ctstatus") return showScalar(field, value, family);
  if (mask === 0xffffffff) return showScalar(field, value, family);
  return `${showScalar(field, value, family)}/${showScalar(field, mask, family)}`;
}

/** A whole predicate in words. */
export function predicateText(predicate: Predicate, family: Family): string {
  switch (predicate.is) {
    case "in":
    case "bits":
    case "name":
      return `${fieldName(predicate.field)} ${verb(fieldName(predicate.field))} ${wantedText(predicate, family)}`;
    case "present":
      return `has a ${fieldName(predicate.field)}`;
    case "constant":
      return predicate.value ? "always" : "never";
    case "not":
      return `not (${predicateText(predicate.of, family)})`;
    case "all":
      return predicate.of.map(part => predicateText(part, family)).join(" and ") || "always";
    case "any":
      return predicate.of.map(part => predicateText(part, family)).join(" or ") || "never";
    case "opaque":
      return predicate.opaque.about;
    case "member":
      return memberText(predicate.test);
  }
}
