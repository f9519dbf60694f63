import { maskLength, printAddress, PROTOCOL } from "../../packet/index.ts";
import { bounded, hostMask, someOf, type HostMask, type MatchType, type Parsed } from "../../xtables/index.ts";
import { headerTest, type HeaderKind } from "../ipv6-header.ts";
import { segmentRoutingHolds, type ByteTest, type SegmentRoutingTest, type SegmentTest } from "../segment-routing.ts";

const HEADER: HeaderKind = { name: "srh", protocol: PROTOCOL.ROUTING, needed: 8, whole: false };

const byte = (help: string) => ({ value: bounded(0, 0xff), invert: true, help });
const segment = (help: string) => ({ value: hostMask, invert: true, help });

const grammar = someOf({
  "srh-next-hdr": byte("Number of the next header."),
  "srh-hdr-len-eq": byte("Length of the header in units of 8 bytes, without the first."),
  "srh-hdr-len-gt": byte("That length is greater; the number is shared with eq and lt."),
  "srh-hdr-len-lt": byte("That length is less."),
  "srh-segs-left-eq": byte("Segments left."),
  "srh-segs-left-gt": byte("More segments are left; the number is shared with eq and lt."),
  "srh-segs-left-lt": byte("Fewer segments are left."),
  "srh-last-entry-eq": byte("Index of the last segment in the list."),
  "srh-last-entry-gt": byte("That index is greater; the number is shared with eq and lt."),
  "srh-last-entry-lt": byte("That index is less."),
  "srh-tag": { value: bounded(0, 0xffff), invert: true, help: "Tag of the packet." },
  "srh-psid": segment("The segment the packet comes from."),
  "srh-nsid": segment("The segment the packet goes to next."),
  "srh-lsid": segment("The last segment of its path."),
});

const PARTS = ["hdr-len", "segs-left", "last-entry"] as const;
const RELATIONS = ["eq", "gt", "lt"] as const;
const SEGMENTS = [
  ["psid", "previous"],
  ["nsid", "next"],
  ["lsid", "last"],
] as const;

function segmentTest(parsed: Parsed<HostMask> | undefined): SegmentTest | undefined {
  return parsed && { address: BigInt(parsed.value.address), mask: BigInt(parsed.value.mask), invert: parsed.invert };
}

/** Every condition as name, number and inversion, in the order in which they are saved and listed. */
function* numbersOf({ nextHeader, bytes, numbers, tag }: SegmentRoutingTest): Generator<readonly [string, number, boolean]> {
  if (nextHeader) yield ["next-hdr", nextHeader.value, nextHeader.invert];
  for (const { part, relation, invert } of bytes) yield [`${part}-${relation}`, numbers[part], invert];
  if (tag) yield ["tag", tag.value, tag.invert];
}

/** The mask is always shown as a length; one with holes as a whole address. */
function printSegment({ address, mask }: SegmentTest): string {
  return `${printAddress(address)}/${maskLength(mask) ?? 128}`;
}

/**
 * `-m srh`: the segment routing header of IPv6. Kernel: ip6t_srh.c, srh1_mt6. A packet without one, or with a cut one, does not match; none
 * is dropped.
 */
export const srh: MatchType<SegmentRoutingTest> = {
  name: "srh",
  help: "Match the segment routing header of IPv6.",
  families: [6],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      const bytes: ByteTest[] = [];
      for (const part of PARTS)
        for (const relation of RELATIONS) {
          const parsed = found[`srh-${part}-${relation}`];
          if (parsed) bytes.push({ part, relation, invert: parsed.invert });
        }
      const lastNumber = (part: ByteTest["part"]): number => {
        const option = given.findLast(each => each.option.startsWith(`srh-${part}-`))?.option;
        return RELATIONS.map(relation => `srh-${part}-${relation}` as const).reduce(
          (number, name) => (name === option ? (found[name]?.value ?? number) : number),
          0,
        );
      };
      return {
        nextHeader: found["srh-next-hdr"],
        bytes,
        numbers: { "hdr-len": lastNumber("hdr-len"), "segs-left": lastNumber("segs-left"), "last-entry": lastNumber("last-entry") },
        tag: found["srh-tag"],
        previous: segmentTest(found["srh-psid"]),
        next: segmentTest(found["srh-nsid"]),
        last: segmentTest(found["srh-lsid"]),
      };
    },
    save(test) {
      const parts = [...numbersOf(test)].map(([name, value, invert]) => `${invert ? "! " : ""}--srh-${name} ${value}`);
      for (const [name, key] of SEGMENTS) {
        const wanted = test[key];
        if (wanted) parts.push(`${wanted.invert ? "! " : ""}--srh-${name} ${printSegment(wanted)}`);
      }
      return parts.join(" ");
    },
  },
  lower: test => ({ predicate: headerTest(HEADER, show(test), (facts, at) => segmentRoutingHolds(test, facts, at)) }),
  list: show,
};

function show(test: SegmentRoutingTest): string {
  const parts = ["srh", ...[...numbersOf(test)].map(([name, value, invert]) => `${name}:${invert ? "!" : ""}${value}`)];
  for (const [name, key] of SEGMENTS) {
    const wanted = test[key];
    if (wanted) parts.push(`${name} ${wanted.invert ? "!" : ""} ${printSegment(wanted)}`);
  }
  return parts.join(" ");
}
