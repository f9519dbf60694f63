import { parseMac } from "../packet/index.ts";
import { cutBytes } from "../xtables/index.ts";
import type { HostFault } from "./fault.ts";
import { FlagWords, type FlagWord } from "./flag-words.ts";
import type { Interface, InterfaceAddress } from "./host.ts";
import { inNetwork, readAddress, readCount, readNetwork } from "./network-text.ts";

/** Bytes of a name that the kernel takes. Kernel: if.h, IFNAMSIZ with its NUL. */
const NAME_BYTES = 15;

/** Links that carry no hardware addresses, by the names they usually have. */
const POINT_TO_POINT = /^(tun|ppp|wg|ipsec|sit|gre|ip6tnl|tailscale)\d/;

/** May an interface be called so? Kernel: dev_valid_name. */
export function isInterfaceName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[\s/:]/.test(name) && cutBytes(name, NAME_BYTES) === name;
}

/**
 * `--if NAME[=WORD,…]`: addresses with prefix lengths, `ADDRESS>PEER` for a point-to-point link, and the words
 * `mtu=N`, `mac=A`, `bridge=NAME`, `link=ethernet|none|loopback`, `group=N`, `down`. What is not said comes from `known`,
 * the interface of that name so far. Undefined, with a fault, when it cannot be read.
 */
export function readInterfaceFlag(
  text: string,
  known: (name: string) => Interface | undefined,
  faults: HostFault[],
): Interface | undefined {
  const equals = text.indexOf("=");
  const name = equals < 0 ? text : text.slice(0, equals);
  const words = new FlagWords("--if", text, ",", faults, equals < 0 ? text.length : equals + 1);
  if (!isInterfaceName(name)) return words.complain({ start: 0, end: name.length }, `"${name}" cannot be the name of an interface`);
  const draft: Draft = { ...(known(name) ?? plainInterface(name)) };
  for (let word = words.take(); word; word = words.take()) readWord(draft, word, words);
  return draft;
}

type Draft = { -readonly [K in keyof Interface]: Interface[K] };

/** An interface of which only the name is known. */
export function plainInterface(name: string): Interface {
  const loopback = name === "lo";
  return {
    name,
    link: loopback ? "loopback" : POINT_TO_POINT.test(name) ? "none" : "ethernet",
    up: true,
    mtu: loopback ? 65536 : 1500,
    addresses: [],
  };
}

function readWord(draft: Draft, word: FlagWord, words: FlagWords): void {
  const equals = word.text.indexOf("=");
  const key = equals < 0 ? word.text : word.text.slice(0, equals);
  const given = equals < 0 ? "" : word.text.slice(equals + 1);
  switch (key) {
    case "down":
      draft.up = false;
      return;
    case "mtu":
      draft.mtu = readCount(given, 0xffff) ?? words.complain(word, `"${given}" is not an MTU from 0 to 65535`) ?? draft.mtu;
      return;
    case "group": {
      const group = readCount(given, 0xffffffff);
      if (group === undefined) words.complain(word, `"${given}" is not the number of a group`);
      else draft.group = group;
      return;
    }
    case "mac": {
      const mac = parseMac(given);
      if (mac === undefined) words.complain(word, `"${given}" is not a hardware address`);
      else draft.mac = mac;
      return;
    }
    case "bridge":
      if (isInterfaceName(given)) draft.bridge = given;
      else words.complain(word, `"${given}" cannot be the name of an interface`);
      return;
    case "link":
      if (given === "ethernet" || given === "none" || given === "loopback") draft.link = given;
      else words.complain(word, `"${given}" is not a kind of link: ethernet, none or loopback`);
      return;
    default: {
      const own = readOwnAddress(word.text);
      if (own) draft.addresses = [...draft.addresses, asSecondary(own, draft.addresses)];
      else words.complain(word, `"${word.text}" is neither an address nor one of mtu=N, mac=A, bridge=NAME, link=KIND, group=N, down`);
    }
  }
}

function readOwnAddress(text: string): InterfaceAddress | undefined {
  const arrow = text.indexOf(">");
  if (arrow < 0) return readNetwork(text);
  const own = readAddress(text.slice(0, arrow));
  const peer = readNetwork(text.slice(arrow + 1));
  return own && peer && own.family === peer.family ? { ...own, prefixLength: peer.prefixLength, peer: peer.address } : undefined;
}

/** A later IPv4 address of a network that the interface already has is secondary. Kernel: devinet.c, __inet_insert_ifa. */
function asSecondary(own: InterfaceAddress, others: readonly InterfaceAddress[]): InterfaceAddress {
  const first = others.find(
    other =>
      other.prefixLength === own.prefixLength && inNetwork({ ...other, address: other.peer ?? other.address }, own.peer ?? own.address),
  );
  return own.family === 4 && first ? { ...own, secondary: true } : own;
}
