import type { Family, Field, Predicate } from "../../predicate/index.ts";
import { fieldName, showScalar } from "../value.ts";
import { wantedText } from "../wanted.ts";
import { bitsPhrase } from "./bits-phrase.ts";
import { having, that, type Phrase, type Say } from "./phrase.ts";
import { protocolText } from "./protocol.ts";
import { both, either, withArticle } from "./words.ts";

type Test = Extract<Predicate, { is: "in" | "bits" | "name" }>;

const fixed = (yes: string, no: string): Say =>
  that(
    () => yes,
    () => no,
  );
const by = (verb: string, thing: string, other: string): Say =>
  that(
    value => `${verb} by ${thing}${value}`,
    value => `${verb} by ${other}${value}`,
  );
const connection =
  (verb: string, other = `${verb} anything but`): Say =>
  (value, no) => ({ slot: "whose", text: `whose connection ${no ? other : verb} ${value}` });
const port = (verb: string): Say => connection(`${verb} port`, `${verb} any port but`);
const address = (verb: string): Say => connection(verb, `${verb} anywhere but`);
const counted =
  (what: string): Say =>
  (value, no) => ({ slot: "whose", text: `whose connection has ${no ? "not " : ""}${value} ${what} so far` });
const sentBy = (who: string): Say =>
  that(
    value => `was sent by ${who} ${value} of this machine`,
    value => `was not sent by ${who} ${value} of this machine`,
  );
const process = (what: string): Say =>
  that(
    value => `was sent by a process of ${what} ${value}`,
    value => `was not sent by a process of ${what} ${value}`,
  );

const SAYINGS: Partial<Record<Field, Say>> = {
  iif: by("comes in", "", "any interface but "),
  oif: by("leaves", "", "any interface but "),
  physin: by("comes in", "bridge port ", "no bridge port or another than "),
  physout: by("leaves", "bridge port ", "no bridge port or another than "),
  bridged: that(
    value => (value === "1" ? "is bridged" : "is routed"),
    value => (value === "1" ? "is routed" : "is bridged"),
  ),
  morefrags: that(
    value => (value === "1" ? "has more fragments to follow" : "has no fragment to follow"),
    value => (value === "1" ? "has no fragment to follow" : "has more fragments to follow"),
  ),
  length: (value, no) => ({ slot: "with", text: `a length ${no ? "other than" : "of"} ${value} bytes` }),
  l4length: (value, no) => ({ slot: "with", text: `a transport length ${no ? "other than" : "of"} ${value} bytes` }),
  ttl: having("TTL"),
  mss: having("MSS"),
  tos: having("type of service"),
  mark: having("mark"),
  ctmark: having("connection mark"),
  priority: having("queueing class"),
  mac: that(
    value => `comes from the hardware address ${value}`,
    value => `does not come from the hardware address ${value}`,
  ),
  pkttype: that(
    value => `arrives as ${value}`,
    value => `does not arrive as ${value}`,
  ),
  socket: fixed("a local socket sent", "no local socket sent"),
  uid: sentBy("user"),
  gid: sentBy("group"),
  ctdir: that(
    value => `goes in the ${value} direction of its connection`,
    value => `does not go in the ${value} direction of its connection`,
  ),
  ctorigsrc: address("was opened from"),
  ctorigdst: address("was opened to"),
  ctreplsrc: address("is answered from"),
  ctrepldst: address("is answered to"),
  ctorigsrcport: port("was opened from"),
  ctorigdstport: port("was opened to"),
  ctreplsrcport: port("is answered from"),
  ctrepldstport: port("is answered to"),
  ctexpire: (value, no) => ({ slot: "whose", text: `whose connection ${no ? "does not expire" : "expires"} in ${value} seconds` }),
  cthelper: connection("was foreseen by the helper", "was not foreseen by the helper"),
  ctlabels: connection("has", "has not"),
  ctpacketsorig: counted("packets from its opener"),
  ctpacketsreply: counted("packets in answer"),
  ctbytesorig: counted("bytes from its opener"),
  ctbytesreply: counted("bytes in answer"),
  ipsecin: that(
    value => (value === "none" ? "came in without IPsec" : "came in through IPsec"),
    value => (value === "none" ? "came in through IPsec" : "came in without IPsec"),
  ),
  ipsecout: that(
    value => (value === "none" ? "leaves without IPsec" : "leaves through IPsec"),
    value => (value === "none" ? "leaves through IPsec" : "leaves without IPsec"),
  ),
  indevgroup: by("comes in", "an interface of group ", "no interface of group "),
  outdevgroup: by("leaves", "an interface of group ", "no interface of group "),
  cgroup: process("the control group class"),
  cgrouppath: process("the control group"),
  cpu: that(
    value => `is handled by processor ${value}`,
    value => `is not handled by processor ${value}`,
  ),
  localsocket: that(
    value => `a local ${value} socket waits for`,
    value => `no local ${value} socket waits for`,
  ),
};

/** Items of a list that are told one by one. */
const MOST_ITEMS = 16;

/** A test of one field, or its opposite, as a piece of a sentence; `there` says that the field is not absent. */
export function fieldPhrase(test: Test, negated: boolean, family: Family, there = false): Phrase {
  const { field } = test;
  if (test.is === "bits") {
    const special = bitsPhrase(test, negated);
    if (special) return special;
  }
  if (test.is === "in" && field in ADDRESS_VERBS) return addressTypePhrase(test, negated, family);
  if (test.is === "in" && field === "ctproto") {
    const protocols = either(test.ranges.map(([low, high]) => protocolText(low, high)));
    return { slot: "whose", text: `whose connection is ${negated ? "not " : ""}${protocols}` };
  }
  const value = wantedText(test, family, MOST_ITEMS);
  if (negated && there && field === "physin") return { slot: "that", text: `comes in by a bridge port other than ${value}` };
  if (negated && there && field === "physout") return { slot: "that", text: `leaves by a bridge port other than ${value}` };
  if (field === "fragoff" && value === "0") return { slot: "that", text: negated ? "is a later fragment" : "is no later fragment" };
  if (field === "ttl" && family === 6) return having("hop limit")(value, negated);
  if (field === "extheaders" && test.is === "in")
    return having("exactly the extension headers", "extension headers")(value.split("+").join(", "), negated);
  return (SAYINGS[field] ?? having(fieldName(field)))(value, negated);
}

const IN = " on the interface it came in by";
const OUT = " on the interface it leaves by";

/** Verbs, and on which interface the question is asked. */
const ADDRESS_VERBS: Readonly<Partial<Record<Field, readonly [yes: string, no: string, where: string]>>> = {
  saddrtype: ["comes from", "does not come from", ""],
  daddrtype: ["goes to", "does not go to", ""],
  saddrtypeIn: ["comes from", "does not come from", IN],
  daddrtypeIn: ["goes to", "does not go to", IN],
  saddrtypeOut: ["comes from", "does not come from", OUT],
  daddrtypeOut: ["goes to", "does not go to", OUT],
};

/** Types of addresses that routing knows. */
const TYPES = 12;

function addressTypePhrase({ field, ranges }: Extract<Test, { is: "in" }>, negated: boolean, family: Family): Phrase {
  const [yes, no, where] = ADDRESS_VERBS[field] ?? ["has", "has not", ""];
  const types = Array.from({ length: TYPES }, (_, type) => type).filter(type => ranges.some(([low, high]) => low <= type && type <= high));
  const kinds = types.map(type => {
    const name = showScalar(field, type, family);
    return name === "local" ? "an address of this machine" : withArticle(`${name} address`);
  });
  return { slot: "that", text: `${negated ? no : yes} ${either(kinds)}${where}` };
}

/** The presence of a field, or its absence. */
export function presencePhrase(field: Field, negated: boolean): Phrase {
  switch (field) {
    case "physin":
      return { slot: "that", text: negated ? "comes in by no bridge port" : "comes in by a bridge port" };
    case "physout":
      return { slot: "that", text: negated ? "leaves by no bridge port" : "leaves by a bridge port" };
    case "localsocket":
      return { slot: "that", text: negated ? "no local socket waits for" : "a local socket waits for" };
    case "cthelper":
      return { slot: "whose", text: negated ? "whose connection no helper foresaw" : "whose connection a helper foresaw" };
    case "cgroup":
    case "cgrouppath":
      return { slot: "that", text: negated ? "was sent by no process of a control group" : "was sent by a process of a control group" };
    case "fragid":
      return { slot: "that", text: negated ? "is no fragment" : "is a fragment" };
    case "ctorigsrc":
    case "ctpacketsorig":
    case "ctbytesorig":
    case "ctmark":
      return { slot: "that", text: negated ? "has no connection" : "has a connection" };
    default:
      return { slot: "with", text: negated ? `no ${fieldName(field)}` : withArticle(fieldName(field)) };
  }
}

/** Phrases about one thing joined: those about the connection with the words "whose connection" said once. */
export function joinedWhose(texts: readonly string[]): string {
  const start = "whose connection ";
  const own = texts.filter(text => text.startsWith(start)).map(text => text.slice(start.length));
  const others = texts.filter(text => !text.startsWith(start));
  return both([...(own.length > 0 ? [start + both(own)] : []), ...others]);
}
