import { protocolName } from "../../packet/index.ts";
import { equal, opaque, type Opaque, type SecurityStep } from "../../predicate/index.ts";
import {
  bounded,
  hostMask,
  printHostMask,
  someOf,
  UsageError,
  type Given,
  type Grammar,
  type MatchType,
  type Option,
  type Parsed,
  type Value,
} from "../../xtables/index.ts";
import { swapped } from "../byte-order.ts";
import { protocolValue } from "../protocol-value.ts";
import { isPathMeant, type SecurityTest } from "../security-path.ts";

/** Kernel: struct xt_policy_info. */
interface Policy {
  readonly direction: "in" | "out";
  readonly none: boolean;
  readonly strict: boolean;
  /** Empty for a path without steps. */
  readonly elements: readonly SecurityTest[];
}

/** Kernel: XT_POLICY_MAX_ELEM. */
const MAX_ELEMENTS = 4;
const U32_MAX = 0xffffffff;
const hex = (value: number): string => `0x${value.toString(16)}`;
const anySpi = bounded(0, U32_MAX, hex);

/** The kernel takes its bytes the other way round (see security-path.ts), which is worth a word. */
const spi: Value<number> = {
  ...anySpi,
  parse(text, context) {
    const value = anySpi.parse(text, context);
    if (swapped(value) !== value)
      context.warn(
        `policy: on a little-endian machine "--spi ${hex(value)}" is compared with its bytes reversed: it means SPI ${hex(swapped(value))}`,
      );
    return value;
  },
};

/** AH, ESP and IPComp. */
const PROTOCOLS = [51, 50, 108];

const word = <T extends string>(words: readonly T[], fault: (text: string) => string): Value<T> => ({
  shape: words.join("|"),
  words,
  parse(text) {
    const found = words.find(each => each === text);
    if (found === undefined) throw new UsageError(fault(text));
    return found;
  },
  print: String,
});

const securityProtocol: Value<number> = {
  shape: "ah|esp|ipcomp",
  words: ["ah", "esp", "ipcomp"],
  parse(text, context) {
    const number = protocolValue.parse(text, context);
    if (!PROTOCOLS.includes(number)) throw new UsageError("policy match: protocol must be ah/esp/ipcomp");
    return number;
  },
  print: number => protocolName(number) ?? String(number),
};

const OF_RULE = {
  dir: { value: word(["in", "out"], text => `policy_match: invalid dir "${text}"`), help: "The way in, or the way out." },
  pol: { value: word(["none", "ipsec"], text => `policy match: invalid policy "${text}"`), help: "Whether there is IPsec on that way." },
  strict: { help: "The whole path is described, not one step of it." },
};
const OF_ELEMENT = {
  reqid: { value: bounded(0, U32_MAX), invert: true, help: "Request id of the step." },
  spi: { value: spi, invert: true, help: "Security parameters index of the step." },
  proto: { value: securityProtocol, invert: true, help: "Protocol of the step." },
  mode: {
    value: word<SecurityStep["mode"]>(["transport", "tunnel"], text => `policy match: invalid mode "${text}"`),
    invert: true,
    help: "Mode of the step.",
  },
  "tunnel-dst": { value: hostMask, invert: true, help: "Where the step's tunnel ends." },
  "tunnel-src": { value: hostMask, invert: true, help: "Where the step's tunnel begins." },
};
const NEXT = { next: { help: "What follows is about the next step, further out." } };

const spec: Readonly<Record<string, Option<unknown>>> = { ...OF_RULE, ...OF_ELEMENT, ...NEXT };
const ofRule = someOf(OF_RULE);
const ELEMENT_KEYS = ["reqid", "spi", "proto", "mode", "tunnel-dst", "tunnel-src"] as const;
const ONE: Readonly<Record<string, Grammar<Readonly<Record<string, Parsed<unknown>>>>>> = Object.fromEntries(
  Object.entries(spec).map(([name, option]) => [name, someOf({ [name]: option }) as Grammar<Readonly<Record<string, Parsed<unknown>>>>]),
);

/** The elements one after the other. libxt_policy: policy_parse. */
const parse: Grammar<Policy>["parse"] = (given, context) => {
  const elements: Record<string, Parsed<unknown>>[] = [{}];
  const others: Given[] = [];
  for (const each of given) {
    const one = ONE[each.option];
    if (!one) throw new UsageError(`unknown option "--${each.option}"`, { span: each.span });
    // What may stand only once is looked at before its value.
    if (each.option in OF_RULE && others.some(({ option }) => option === each.option))
      throw new UsageError(`policy: option "--${each.option}" can only be used once.`, { span: each.span });
    if (each.option === "mode" && elements.at(-1)?.["mode"])
      throw new UsageError("policy match: double --mode option", { span: each.span });
    const parsed = one.parse([each], context)[each.option];
    if (each.option in OF_RULE) {
      others.push(each);
    } else if (each.option === "next") {
      if (elements.push({}) > MAX_ELEMENTS) throw new UsageError("policy match: maximum policy depth reached", { span: each.span });
    } else {
      const element = elements.at(-1);
      if (element?.[each.option]) throw new UsageError(`policy match: double --${each.option} option`, { span: each.span });
      if (element && parsed) element[each.option] = parsed;
    }
  }
  const { dir, pol, strict } = ofRule.parse(others, context);
  const info: Policy = {
    direction: dir?.value ?? "in",
    none: pol?.value === "none",
    strict: strict !== undefined,
    elements: pol?.value === "none" ? [] : (elements as readonly SecurityTest[]),
  };
  if (!dir) throw new UsageError("policy match: neither --dir in nor --dir out specified");
  if (info.none && info.strict) throw new UsageError("policy match: policy none but --strict given");
  if (info.none && elements.length > 1) throw new UsageError("policy match: policy none but policy given");
  for (const [i, element] of info.elements.entries()) checkElement(element, i, info.strict);
  if (elements.length > 1 && !info.strict) throw new UsageError('policy: option "--next" also requires "--strict".');
  return info;
};

function checkElement(element: SecurityTest, index: number, strict: boolean): void {
  if (strict && Object.keys(element).length === 0)
    throw new UsageError(
      `policy match: empty policy element ${index}. --strict is in effect, but at least one of reqid, spi, tunnel-src, tunnel-dst, proto or mode is required.`,
    );
  const tunnel = (element.mode?.value === "tunnel") !== (element.mode?.invert ?? false);
  if ((element["tunnel-src"] || element["tunnel-dst"]) && !tunnel)
    throw new UsageError("policy match: --tunnel-src/--tunnel-dst is only valid in tunnel mode");
}

function show(
  info: Policy,
  dashes: string,
  printProtocol: (number: number) => string,
  between: (index: number) => readonly string[],
): string[] {
  const parts = [`${dashes}dir ${info.direction}`, `${dashes}pol ${info.none ? "none" : "ipsec"}`];
  if (info.strict) parts.push(`${dashes}strict`);
  for (const [i, element] of info.elements.entries()) {
    parts.push(...between(i));
    for (const key of ELEMENT_KEYS) {
      const parsed = element[key];
      if (parsed) parts.push(`${parsed.invert ? "! " : ""}${dashes}${key} ${printed(element, key, printProtocol)}`);
    }
  }
  return parts;
}

function printed(element: SecurityTest, key: (typeof ELEMENT_KEYS)[number], printProtocol: (number: number) => string): string {
  switch (key) {
    case "reqid":
      return String(element.reqid?.value);
    case "spi":
      return `0x${element.spi?.value.toString(16)}`;
    case "proto":
      return printProtocol(element.proto?.value ?? 0);
    case "mode":
      return element.mode?.value ?? "";
    case "tunnel-src":
    case "tunnel-dst": {
      const end = element[key];
      return end ? printHostMask(end.value) : "";
    }
  }
}

function step(info: Policy): Opaque<undefined> {
  return {
    name: "policy",
    about: list(info, false),
    depends: "history",
    start: () => undefined,
    step: (_, facts) => isPathMeant(facts.securityPath(info.direction), info.elements, info.strict),
  };
}

/** `-m policy`: the IPsec that a packet came through or will go through. Kernel: xt_policy.c, policy_mt. */
export const policy: MatchType<Policy> = {
  name: "policy",
  help: "Match the IPsec policy that handles the packet.",
  options: {
    options: spec,
    parse,
    save: info =>
      show(
        info,
        "--",
        number => protocolName(number) ?? `${number}`,
        i => (i === 0 ? [] : ["--next"]),
      ).join(" "),
  },
  check({ direction }, { hooks }) {
    if (direction === "out" && (hooks.has("PREROUTING") || hooks.has("INPUT")))
      return "policy match: output policy not valid in PREROUTING and INPUT";
    if (direction === "in" && (hooks.has("POSTROUTING") || hooks.has("OUTPUT")))
      return "policy match: input policy not valid in POSTROUTING and OUTPUT";
    return undefined;
  },
  lower(info) {
    const field = info.direction === "in" ? "ipsecin" : "ipsecout";
    const plain = info.elements.every(element => Object.keys(element).length === 0);
    if (info.none || plain) return { predicate: equal(field, info.none ? 0 : 1) };
    return { predicate: opaque(step(info)) };
  },
  list: (info, { numeric }) => list(info, numeric),
};

function list(info: Policy, numeric: boolean): string {
  const print = (number: number): string => (numeric ? undefined : protocolName(number)) ?? `${number}`;
  return ["policy match", ...show(info, "", print, i => (info.elements.length > 1 ? [`[${i}]`] : []))].join(" ");
}
