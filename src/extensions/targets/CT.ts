import { isHelper } from "../../conntrack/index.ts";
import {
  cutBytes,
  optionName,
  bareText,
  scanUnsigned,
  someOf,
  UsageError,
  type Given,
  type Options,
  type PlaceContext,
  type TargetType,
  type Value,
} from "../../xtables/index.ts";

/** Connection events by bit. Kernel: enum ip_conntrack_events, as far as libxt_CT names them. */
const EVENTS = ["new", "related", "destroy", "reply", "assured", "protoinfo", "helper", "mark", "natseqinfo", "secmark"] as const;
const EXPECTATION_EVENTS = ["new"] as const;

/** Bytes of the policy's name that come back from the kernel: the field lies beyond what it copies of a rule. Kernel: xt_CT.c, usersize. */
const TIMEOUT_BYTES_SAVED = 4;

/** Lengths of xt_ct_target_info_v1's helper and timeout without their final NUL. */
const HELPER_BYTES = 15;
const TIMEOUT_BYTES = 31;

const eventList = (known: readonly string[]): Value<readonly string[]> => ({
  shape: "event[,event...]",
  words: known,
  parse(text) {
    const given = text.split(",");
    const stranger = given.find(name => !known.includes(name));
    if (stranger !== undefined) throw new UsageError(`Unknown event type "${stranger}"`);
    return known.filter(name => given.includes(name));
  },
  print: events => events.join(","),
});

const zone: Value<number | "mark"> = {
  shape: "{ID|mark}",
  words: ["mark"],
  parse(text) {
    if (text.toLowerCase() === "mark") return "mark";
    const scanned = scanUnsigned(text, 0, 0xffff);
    if (scanned?.rest !== "") throw new UsageError(`Cannot parse ${text} as a zone ID`);
    return scanned.value;
  },
  print: String,
};
/** A name, cut to the kernel's field. */
const name = (bytes: number): Value<string> => ({ shape: "name", parse: text => cutBytes(text, bytes), print: text => text });

const spec = {
  notrack: { help: "Do not track the packet's connection." },
  helper: { value: name(HELPER_BYTES), help: "Conntrack helper for the connection." },
  timeout: { value: name(TIMEOUT_BYTES), help: "Timeout policy for the connection." },
  ctevents: { value: eventList(EVENTS), help: "Connection events to tell user space." },
  expevents: { value: eventList(EXPECTATION_EVENTS), help: "Expectation events to tell user space." },
  zone: { value: zone, help: "Conntrack zone, by number or from the packet's mark." },
  "zone-orig": { value: zone, help: "The same for the original direction only." },
  "zone-reply": { value: zone, help: "The same for the reply direction only." },
} as const;
const grammar = someOf(spec);

/** Kernel: struct xt_ct_target_info_v1. Empty names mean none. */
interface Ct {
  readonly notrack: boolean;
  readonly helper: string;
  readonly timeout: string;
  readonly events: readonly string[];
  readonly expectationEvents: readonly string[];
  readonly zone: { readonly id: number | "mark"; readonly original: boolean; readonly reply: boolean };
}

/** All three zone options write the same number; `mark` stays once it was said, and both directions together mean neither alone. */
function foldZone(given: readonly Given[], found: Options<typeof spec>): Ct["zone"] {
  let id = 0;
  let mark = false;
  for (const { option } of given) {
    const known = optionName(spec, option);
    if (known !== "zone" && known !== "zone-orig" && known !== "zone-reply") continue;
    const value = found[known]?.value ?? 0;
    if (value === "mark") mark = true;
    else id = value;
  }
  return { id: mark ? "mark" : id, original: Boolean(found["zone-orig"]), reply: Boolean(found["zone-reply"]) };
}

function direction({ original, reply }: Ct["zone"]): "original" | "reply" | undefined {
  return original === reply ? undefined : original ? "original" : "reply";
}

/** The words after their dashes, as they are both saved and listed. */
function words(info: Ct, dashes: string): readonly string[] {
  const zoneOption = { original: "zone-orig", reply: "zone-reply", both: "zone" }[direction(info.zone) ?? "both"];
  return [
    ...(info.notrack ? [`${dashes}notrack`] : []),
    ...(info.helper === "" ? [] : [`${dashes}helper ${bareText(info.helper)}`]),
    ...(info.timeout === "" ? [] : [`${dashes}timeout ${bareText(cutBytes(info.timeout, TIMEOUT_BYTES_SAVED))}`]),
    ...(info.events.length ? [`${dashes}ctevents ${info.events.join(",")}`] : []),
    ...(info.expectationEvents.length ? [`${dashes}expevents ${info.expectationEvents.join(",")}`] : []),
    ...(info.zone.id === 0 ? [] : [`${dashes}${zoneOption} ${info.zone.id}`]),
  ];
}

/** xt_CT.c, xt_ct_tg_check: helpers and policies are looked up unless tracking is off. */
function check({ notrack, helper, timeout }: Ct, { family, protocol, protocolInverted }: PlaceContext): string | undefined {
  if (notrack) return undefined;
  if (helper !== "") {
    if (protocol === 0 || protocolInverted)
      return `CT target: --helper ${helper} needs a rule with -p of one protocol (No such file or directory)`;
    if (!isHelper(helper, family, protocol))
      return `CT target: no conntrack helper "${helper}" for IPv${family} and protocol ${protocol} (No such file or directory)`;
  }
  if (timeout !== "") return `CT target: no timeout policy "${timeout}" (No such file or directory)`;
  return undefined;
}

/** `-j CT`: how the packet's connection is to be tracked, or that it is not. Kernel: xt_CT.c, xt_ct_target_v1. */
export const CT: TargetType<Ct> = {
  name: "CT",
  help: "Set how the packet's connection is tracked.",
  tables: ["raw"],
  needs: ({ notrack }) => (notrack ? [] : ["conntrack"]),
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return {
        notrack: Boolean(found.notrack),
        helper: found.helper?.value ?? "",
        timeout: found.timeout?.value ?? "",
        events: found.ctevents?.value ?? [],
        expectationEvents: found.expevents?.value ?? [],
        zone: foldZone(given, found),
      };
    },
    save: info => words(info, "--").join(" "),
  },
  check,
  lower(info) {
    const way = direction(info.zone);
    return {
      do: "track",
      notrack: info.notrack,
      ...(info.helper !== "" && { helper: info.helper }),
      ...(info.timeout !== "" && { timeout: info.timeout }),
      ...(info.zone.id !== 0 && { zone: { id: info.zone.id, ...(way && { direction: way }) } }),
      ...(info.events.length && { events: info.events }),
      ...(info.expectationEvents.length && { expectationEvents: info.expectationEvents }),
    };
  },
  list: info => ["CT", ...words(info, "")].join(" "),
};
