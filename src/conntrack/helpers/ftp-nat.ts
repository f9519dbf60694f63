import { printIpv4 } from "../../packet/index.ts";
import type { Expectation } from "../expectation.ts";
import { enterAtPort, followMaster } from "../follow-master.ts";
import { refuse, type Sight } from "../helper.ts";
import { mangleTcp } from "../mangle.ts";
import type { Address } from "../tuple.ts";
import type { FtpMessage, Named } from "./ftp-patterns.ts";
import { ascii } from "./text.ts";

/** Enters the expectation of a translated connection, and writes the address that the other end sees into the message (nf_nat_ftp.c). */
export function nameOtherEnd(sight: Sight, named: Named, start: number, expectation: Expectation): "accept" | "drop" {
  const { tracker, connection, direction, now } = sight;
  const back = direction === 0 ? 1 : 0;
  const { destination, family } = connection.tuples[back];
  expectation.savedPort = expectation.tuple.destinationPort;
  expectation.direction = back;
  expectation.arrive = followMaster(tracker);
  const port = enterAtPort(tracker, expectation, expectation.savedPort, now);
  if (port === 0) return refuse(sight, "all ports for the data connection are in use");
  const text = write(named.message, destination, family, port);
  if (mangleTcp(sight, named.at - start, named.length, ascii(text))) return "accept";
  tracker.expectations.remove(expectation);
  return refuse(sight, "the packet would become too long");
}

/** Kernel: nf_nat_ftp_fmt_cmd. */
function write(message: FtpMessage, address: Address, family: 4 | 6, port: number): string {
  switch (message) {
    case "PORT":
    case "PASV": {
      const octets = [24, 16, 8, 0].map(shift => (Number(address) >>> shift) & 0xff);
      return [...octets, port >> 8, port & 0xff].join(",");
    }
    case "EPRT":
      return family === 4 ? `|1|${printIpv4(Number(address))}|${port}|` : `|2|${fullIpv6(BigInt(address))}|${port}|`;
    case "EPSV":
      return `|||${port}|`;
  }
}

/** All eight groups with four digits each (lib/vsprintf.c, %pI6). */
function fullIpv6(address: bigint): string {
  const digits = address.toString(16).padStart(32, "0");
  return Array.from({ length: 8 }, (_, index) => digits.slice(index * 4, index * 4 + 4)).join(":");
}
