import { parseIpv4Aton, parseIpv6, parseMask4, parseMask6, prefix4, prefix6, printAddress } from "../packet/index.ts";
import type { Scalar } from "../predicate/index.ts";
import { printAddressTest, type AddressTest } from "../ruleset/index.ts";
import { UsageError } from "../xtables/index.ts";
import type { Settings } from "./options.ts";
import { parseQuad } from "./quad.ts";
import type { Spoken } from "./spoken.ts";

/** Addresses one rule may list, so that a hostile pair of lists does not multiply without end. */
const MOST_ADDRESSES = 4096;

/** An address with its text as it is saved, where the words already had that form. */
export interface ParsedAddress {
  readonly test: AddressTest;
  readonly text: string | undefined;
}

/**
 * The addresses of one -s or -d: a comma-separated list of names or addresses with masks; each becomes a rule of its own.
 * libxtables: xtables_ipparse_multiple. Throws UsageError. `warn` hears of octal parts and host bits.
 */
export function parseAddresses(
  { text, invert, span }: Spoken,
  settings: Settings,
  warn: (message: string) => void,
): readonly ParsedAddress[] {
  const quad = settings.family === 4 ? parseQuad(text) : undefined;
  if (quad) return [{ test: { address: quad.address, mask: quad.mask, invert }, text: text.includes("/") ? text : `${text}/32` }];
  const parts = text.split(",");
  if (parts.length > MOST_ADDRESSES) throw new UsageError(`more than ${MOST_ADDRESSES} addresses in one list`, { span });
  const tests: AddressTest[] = [];
  for (const part of parts) {
    const found = parseOne(part.trimStart(), invert, settings, warn);
    if (typeof found === "string") throw new UsageError(found, { span });
    for (const test of found) tests.push(test);
  }
  return tests.map(test => ({ test, text: undefined }));
}

/** One item of the list, or what iptables says of it. */
function parseOne(text: string, invert: boolean, settings: Settings, warn: (message: string) => void): AddressTest[] | string {
  const slash = text.lastIndexOf("/");
  const host = slash < 0 ? text : text.slice(0, slash);
  const maskText = slash < 0 ? undefined : text.slice(slash + 1);
  if (settings.family === 4) {
    const mask = maskText === undefined ? 0xffffffff : parseMask4(maskText);
    if (mask === undefined) return `invalid mask \`${maskText}' specified`;
    // With a null mask the name does not matter: any/0.
    if (mask === 0) return [{ address: 0, mask, invert }];
    const read = parseIpv4Aton(host);
    if (!read) return named(host, mask, invert, settings);
    const { address } = prefix4(read.address, mask);
    if (read.octal) warn(`\`${host}' has octal parts: it is ${printAddress(read.address)}`);
    else if (read.short && maskText === undefined) warn(`\`${host}' is short: it is ${printAddress(read.address)}`);
    if (address !== read.address) warn(`\`${text}' has bits outside its mask: it is ${printAddressTest({ address, mask, invert })}`);
    return [{ address, mask, invert }];
  }
  const mask = maskText === undefined ? (1n << 128n) - 1n : parseMask6(maskText);
  if (mask === undefined) return `invalid mask \`${maskText}' specified`;
  if (mask === 0n) return [{ address: 0n, mask, invert }];
  const read = parseIpv6(host);
  if (read === undefined) return named(host, mask, invert, settings);
  const { address } = prefix6(read, mask);
  if (address !== read) warn(`\`${text}' has bits outside its mask: it is ${printAddressTest({ address, mask, invert })}`);
  return [{ address, mask, invert }];
}

/** What may be a host's name: letters somewhere in its last part, or it is a mistyped address. */
const HOST_NAME = /^(?:[\w-]+\.)*[\d_-]*[A-Za-z][\w-]*\.?$/;

function named(name: string, mask: Scalar, invert: boolean, { family, keepNames, resolve }: Settings): AddressTest[] | string {
  const addresses = name === "" ? undefined : resolve(name, family);
  if (!addresses?.length) {
    if (keepNames && HOST_NAME.test(name)) return [{ address: family === 4 ? 0 : 0n, mask, invert, name }];
    return `host/network \`${name}' not found`;
  }
  const seen = new Set<Scalar>();
  for (const address of addresses) seen.add(typeof address === "number" ? prefix4(address, Number(mask)).address : address & BigInt(mask));
  return [...seen].map(address => ({ address, mask, invert }));
}
