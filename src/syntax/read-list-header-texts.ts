import { PROTOCOL } from "../packet/index.ts";
import { flag, one, ports, type MatchText } from "./read-list-phrases.ts";
import { dccpTypes, headerNames, mobilityTypes, spiAndLength } from "./read-list-values.ts";

const options = (match: "hbh" | "dst"): MatchText => ({
  match,
  head: match,
  alone: true,
  phrases: [one("length:", `${match}-len`), one("opts", `${match}-opts`)],
});
const compared = (stem: string): readonly ReturnType<typeof one>[] =>
  ["eq", "gt", "lt"].map(how => one(`${stem}-${how}:`, `srh-${stem}-${how}`));

const IPCOMP = 108;

/** The texts of matches that look at headers of their own. */
export const HEADER_TEXTS: readonly MatchText[] = [
  {
    match: "ah",
    head: "ah",
    alone: true,
    phrases: [
      { ...one("spis:", "ahspi"), value: spiAndLength },
      { ...one("spi:", "ahspi"), value: spiAndLength },
      one("length:", "ahlen"),
      flag("reserved", "ahres"),
    ],
  },
  { match: "esp", head: "esp", alone: true, protocol: PROTOCOL.ESP, phrases: [one("spis:", "espspi"), one("spi:", "espspi")] },
  {
    match: "ipcomp",
    head: "comp",
    alone: true,
    protocol: IPCOMP,
    phrases: [one("spis:", "ipcompspi"), one("spi:", "ipcompspi"), flag("reserved", "compres")],
    // Without an option the match asks for index 0, and lists that: what lists nothing asks for any.
    complete: (words, add) =>
      words.some(({ text }) => text === "--ipcompspi") ? words : [add("--ipcompspi"), add("0:4294967295"), ...words],
  },
  {
    match: "dccp",
    head: "dccp",
    alone: true,
    protocol: PROTOCOL.DCCP,
    phrases: [...ports, { says: "", option: "dccp-types", value: dccpTypes }, one("option=", "dccp-option")],
  },
  {
    match: "ecn",
    head: "ECN match",
    phrases: [
      flag("ECE", "ecn-tcp-ece"),
      { says: "!ECE", option: "ecn-tcp-ece", takes: "nothing", inverted: true },
      flag("CWR", "ecn-tcp-cwr"),
      { says: "!CWR", option: "ecn-tcp-cwr", takes: "nothing", inverted: true },
      one("ECT=", "ecn-ip-ect"),
      { says: "!ECT=", option: "ecn-ip-ect", inverted: true },
    ],
  },
  {
    match: "frag",
    head: "frag",
    alone: true,
    phrases: [
      one("ids:", "fragid"),
      one("id:", "fragid"),
      one("length:", "fraglen"),
      flag("reserved", "fragres"),
      flag("first", "fragfirst"),
      flag("more", "fragmore"),
      flag("last", "fraglast"),
    ],
  },
  options("hbh"),
  options("dst"),
  {
    match: "rt",
    head: "rt",
    alone: true,
    phrases: [
      one("type:", "rt-type"),
      one("segslefts:", "rt-segsleft"),
      one("segsleft:", "rt-segsleft"),
      one("length:", "rt-len"),
      flag("reserved", "rt-0-res"),
      one("0-addrs", "rt-0-addrs"),
      flag("0-not-strict", "rt-0-not-strict"),
    ],
  },
  {
    match: "srh",
    head: "srh",
    alone: true,
    phrases: [
      one("next-hdr:", "srh-next-hdr"),
      ...["hdr-len", "segs-left", "last-entry"].flatMap(compared),
      one("tag:", "srh-tag"),
      ...["psid", "nsid", "lsid"].map(word => one(word, `srh-${word}`)),
    ],
  },
  { match: "mh", head: "mh", alone: true, protocol: PROTOCOL.MH, phrases: [{ ...one("", "mh-type"), value: mobilityTypes }] },
  {
    match: "ipv6header",
    head: "ipv6header",
    phrases: [{ says: "flags:", option: "header", value: headerNames }, flag("soft", "soft")],
  },
  { match: "eui64", head: "eui64", alone: true, phrases: [] },
  { match: "u32", head: "u32", phrases: [{ says: "", option: "u32", takes: "saved word" }] },
  {
    match: "osf",
    head: "OS fingerprint match",
    protocol: PROTOCOL.TCP,
    phrases: [one("", "genre")],
    loses: "a listing shows neither --ttl nor --log of a match `osf': each is taken to have none",
  },
];
