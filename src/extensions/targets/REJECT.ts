import type { Family, Rejection } from "../../predicate/index.ts";
import { someOf, UsageError, type TargetType, type Value } from "../../xtables/index.ts";

const ICMP_DEST_UNREACH = 3;
const ICMPV6_DEST_UNREACH = 1;
const TCP = 6;

interface Kind {
  readonly name: string;
  readonly alias: string;
  /** The code of a destination-unreachable error; TCP resets have none. */
  readonly code?: number;
}

/** In the order in which iptables looks for the first one that starts with the given text, in any case. libipt_REJECT, libip6t_REJECT. */
const KINDS: Readonly<Record<Family, readonly Kind[]>> = {
  4: [
    { name: "icmp-net-unreachable", alias: "net-unreach", code: 0 },
    { name: "icmp-host-unreachable", alias: "host-unreach", code: 1 },
    { name: "icmp-proto-unreachable", alias: "proto-unreach", code: 2 },
    { name: "icmp-port-unreachable", alias: "port-unreach", code: 3 },
    { name: "icmp-net-prohibited", alias: "net-prohib", code: 9 },
    { name: "icmp-host-prohibited", alias: "host-prohib", code: 10 },
    { name: "tcp-reset", alias: "tcp-rst" },
    { name: "icmp-admin-prohibited", alias: "admin-prohib", code: 13 },
  ],
  6: [
    { name: "icmp6-no-route", alias: "no-route", code: 0 },
    { name: "icmp6-adm-prohibited", alias: "adm-prohibited", code: 1 },
    { name: "icmp6-addr-unreachable", alias: "addr-unreach", code: 3 },
    { name: "icmp6-port-unreachable", alias: "port-unreach", code: 4 },
    { name: "tcp-reset", alias: "tcp-reset" },
    { name: "icmp6-policy-fail", alias: "policy-fail", code: 5 },
    { name: "icmp6-reject-route", alias: "reject-route", code: 6 },
  ],
};

const DEFAULT: Readonly<Record<Family, string>> = { 4: "icmp-port-unreachable", 6: "icmp6-port-unreachable" };

const rejectType: Value<string> = {
  shape: "type",
  words: [...new Set([...KINDS[4], ...KINDS[6]].map(({ name }) => name))],
  parse(text, { family, warn }) {
    const start = text.toLowerCase();
    const echo = family === 4 && start !== "" && ["echo-reply", "echoreply"].some(name => name.startsWith(start));
    if (echo) warn("--reject-with echo-reply no longer supported");
    const found = KINDS[family].find(({ name, alias }) => name.startsWith(start) || alias.startsWith(start));
    if (!found) throw new UsageError(`unknown reject type "${text}"`);
    return found.name;
  },
  print: name => name,
};

interface Reject {
  readonly "reject-with"?: { readonly value: string; readonly invert: boolean };
}

const nameOf = (info: Reject, family: Family): string => info["reject-with"]?.value ?? DEFAULT[family];

/** `-j REJECT`: the packet is dropped and its sender told. Kernel: ipt_REJECT.c, ip6t_REJECT.c; a reset needs a rule for TCP alone. */
export const REJECT: TargetType<Reject> = {
  name: "REJECT",
  help: "Drop the packet and tell its sender.",
  tables: ["filter"],
  hooks: ["INPUT", "FORWARD", "OUTPUT"],
  options: someOf({ "reject-with": { value: rejectType, help: "What to answer; a port-unreachable error without it." } }),
  check(info, { family, protocol, protocolInverted }) {
    if (nameOf(info, family) !== "tcp-reset" || (protocol === TCP && !protocolInverted)) return undefined;
    return "REJECT target: tcp-reset needs a rule with -p tcp";
  },
  lower(info, { family }) {
    const name = nameOf(info, family);
    const code = KINDS[family].find(kind => kind.name === name)?.code;
    const rejection: Rejection =
      code === undefined
        ? { kind: "tcp-reset" }
        : { kind: "icmp", type: family === 4 ? ICMP_DEST_UNREACH : ICMPV6_DEST_UNREACH, code, name };
    return { do: "reject", with: rejection };
  },
  save: (info, family) => `--reject-with ${nameOf(info, family)}`,
  list: (info, _, family) => `reject-with ${nameOf(info, family)}`,
};
