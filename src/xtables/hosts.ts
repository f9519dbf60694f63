import { IPV4_MAX, IPV6_MAX, mask4, mask6, maskLength, parseC, parseIpv6, printAddress } from "../packet/index.ts";
import type { Family, Scalar } from "../predicate/index.ts";
import { scanUnsigned } from "./integers.ts";
import type { ReadContext, Value } from "./option.ts";
import { UsageError } from "./usage.ts";

/** An address and the bits of it that count; host bits are kept as given. Numbers for IPv4, bigints for IPv6. */
export interface HostMask {
  readonly address: Scalar;
  readonly mask: Scalar;
}

/** A numeric address as inet_aton or inet_pton reads it: `10.1` is 10.0.0.1, `24` is 0.0.0.24. Undefined for anything else, names included. */
export function parseHost(text: string, family: Family): Scalar | undefined {
  if (family === 6) return parseIpv6(text);
  if (text.length > 64) return undefined;
  const parts = text.split(".");
  if (parts.length > 4 || !parts.every(part => /^\d/.test(part))) return undefined;
  let address = 0;
  for (const [i, part] of parts.entries()) {
    const value = parseC(part);
    const last = i === parts.length - 1;
    if (value === undefined || value > (last ? 256 ** (5 - parts.length) - 1 : 255)) return undefined;
    address += last ? value : value * 256 ** (3 - i);
  }
  return address;
}

/** A numeric address; names are not looked up. libxtables: xtopt_parse_host. */
export const host: Value<Scalar> = {
  shape: "address",
  parse: (text, { family }) => readHost(text, family),
  print: printAddress,
};

/**
 * `address[/mask]`, the mask a length or an address. Saved text shows the mask only where it is a length, so that one with holes is lost
 * in it, as in iptables 1.8.9; of that there is a warning. libxtables: xtopt_parse_hostmask.
 */
export const hostMask: Value<HostMask> = {
  shape: "address[/mask]",
  parse(text, context) {
    const slash = text.indexOf("/");
    const address = readHost(slash < 0 ? text : text.slice(0, slash), context.family);
    const mask = slash < 0 ? allOnes(context.family) : readMask(text.slice(slash + 1), context);
    if (maskLength(mask) === undefined)
      context.warn(`${context.extension}: the mask of "--${context.option}" has holes and is missing when the rule is saved`);
    return { address, mask };
  },
  print: printHostMask,
};

/** `10.0.0.0/8`; no mask where it is all ones or no prefix. */
export function printHostMask({ address, mask }: HostMask): string {
  const length = maskLength(mask);
  return `${printAddress(address)}${length === undefined || length === (typeof mask === "number" ? 32 : 128) ? "" : `/${length}`}`;
}

/** The mask of a single address. */
export function allOnes(family: Family): Scalar {
  return family === 4 ? IPV4_MAX : IPV6_MAX;
}

function readHost(text: string, family: Family): Scalar {
  const address = parseHost(text, family);
  if (address !== undefined) return address;
  const other = parseHost(text, family === 4 ? 6 : 4) !== undefined;
  throw new UsageError(`getaddrinfo: ${other ? "Address family for hostname not supported" : "Name or service not known"}`);
}

function readMask(text: string, { extension, option, family }: ReadContext): Scalar {
  const bits = family === 4 ? 32 : 128;
  const scanned = scanUnsigned(text, 0, bits);
  if (scanned?.rest === "") return family === 4 ? mask4(scanned.value) : mask6(scanned.value);
  const mask = parseHost(text, family);
  if (mask === undefined)
    throw new UsageError(`${extension}: bad value for option "--${option}", neither a valid network mask nor valid CIDR (0-${bits}).`);
  return mask;
}
