import { u8, type Layout } from "../packet/index.ts";
import type { Errno } from "./journey.ts";

/** What an ICMP error means to the program whose packet it quotes, by code. Kernel: icmp.c, icmp_err_convert. */
const UNREACHABLE4: readonly Errno[] = [
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ENOPROTOOPT",
  "ECONNREFUSED",
  "EMSGSIZE",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
];

/** Kernel: icmp.c (IPv6), tab_unreach. */
const UNREACHABLE6: readonly Errno[] = ["ENETUNREACH", "EACCES", "EHOSTUNREACH", "EHOSTUNREACH", "ECONNREFUSED", "EACCES", "EACCES"];

/** What an answer tells the program that it reaches; undefined when it is no refusal. */
export function refusalOf(bytes: Uint8Array, layout: Layout): Errno | undefined {
  const { l4, totalLength, protocol, family } = layout;
  if (protocol === 6) return l4 + 20 <= totalLength && (u8(bytes, l4 + 13) & 4) !== 0 ? "ECONNREFUSED" : undefined;
  if (protocol !== (family === 4 ? 1 : 58) || l4 + 8 > totalLength) return undefined;
  const type = u8(bytes, l4);
  const code = u8(bytes, l4 + 1);
  if (family === 4) return type === 3 ? UNREACHABLE4[code] : type === 11 ? "EHOSTUNREACH" : undefined;
  return type === 1 ? UNREACHABLE6[code] : type === 3 ? "EHOSTUNREACH" : undefined;
}
