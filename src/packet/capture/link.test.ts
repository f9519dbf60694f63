import { expect, test } from "vitest";
import { concat, hex, unhex } from "../bytes.ts";
import { decodeLink } from "./index.ts";
import { numbers } from "./specimens.ts";

/** An IPv4 header alone (total length 20), and an IPv6 header alone (no next header). */
const IP4 = "45000014000040004011f96fc0000201c6336402";
const IP6 = "600000000000 3b40 20010db8000000000000000000000001 20010db8000000000000000000000002";
const MACS = "0200000000aa 0200000000bb";
const LLC_SNAP = "aaaa03 000000";

/** `expected`: "family at offset, N bytes" then any of vlan, kind and source address; or the reason why there is none. */
function check(name: string, linkType: number, frame: string, expected: string): void {
  test(`link type ${linkType}: ${name}`, () => expect(describe(linkType, unhex(frame))).toBe(expected));
}

function describe(linkType: number, frame: Uint8Array): string {
  const { network, skipped, interfaceIndex } = decodeLink(linkType, frame);
  if (network === undefined) return skipped as string;
  const words = [`IPv${network.family} at ${network.offset}, ${network.bytes.length} bytes`];
  if (network.vlan.length > 0) words.push(`vlan ${network.vlan.join(" ")}`);
  if (network.pkttype !== undefined) words.push(network.pkttype);
  if (network.sourceMac !== undefined) words.push(`from ${hex(network.sourceMac)}`);
  if (interfaceIndex !== undefined) words.push(`interface ${interfaceIndex}`);
  return words.join(", ");
}

const FROM = "from 0200000000bb";
check("IPv4", 1, `${MACS} 0800 ${IP4}`, `IPv4 at 14, 20 bytes, host, ${FROM}`);
check("padded IPv4", 1, `${MACS} 0800 ${IP4} ${"00".repeat(26)}`, `IPv4 at 14, 20 bytes, host, ${FROM}`);
check(
  "IPv4 with a total length below its header keeps all",
  1,
  `${MACS} 0800 4500000a${IP4.slice(8)} 0000`,
  `IPv4 at 14, 22 bytes, host, ${FROM}`,
);
check("offloaded IPv4 of length 0 keeps all", 1, `${MACS} 0800 45000000${IP4.slice(8)} 0102`, `IPv4 at 14, 22 bytes, host, ${FROM}`);
check("IPv6", 1, `${MACS} 86dd ${IP6}`, `IPv6 at 14, 40 bytes, host, ${FROM}`);
check("padded IPv6", 1, `${MACS} 86dd ${IP6} 00000000`, `IPv6 at 14, 40 bytes, host, ${FROM}`);
check("IPv6 jumbogram keeps all", 1, `${MACS} 86dd 600000000000 0040 ${IP6.slice(18)} 0000`, `IPv6 at 14, 42 bytes, host, ${FROM}`);
check("cut IPv4 keeps what there is", 1, `${MACS} 0800 45000400`, `IPv4 at 14, 4 bytes, host, ${FROM}`);
check("nothing after the header", 1, `${MACS} 0800`, `IPv4 at 14, 0 bytes, host, ${FROM}`);
check("broadcast", 1, `ffffffffffff 0200000000bb 0800 ${IP4}`, `IPv4 at 14, 20 bytes, broadcast, ${FROM}`);
check("multicast", 1, `01005e000001 0200000000bb 0800 ${IP4}`, `IPv4 at 14, 20 bytes, multicast, ${FROM}`);
check("802.1Q", 1, `${MACS} 8100 e064 0800 ${IP4}`, `IPv4 at 18, 20 bytes, vlan 100, host, ${FROM}`);
check("QinQ", 1, `${MACS} 88a8 0064 8100 00c8 86dd ${IP6}`, `IPv6 at 22, 40 bytes, vlan 100 200, host, ${FROM}`);
check("8 tags", 1, `${MACS} ${"8100 0001".repeat(8)} 0800 ${IP4}`, `IPv4 at 46, 20 bytes, vlan 1 1 1 1 1 1 1 1, host, ${FROM}`);
check("9 tags", 1, `${MACS} ${"8100 0001".repeat(9)} 0800 ${IP4}`, "more than 8 VLAN tags");
check("50 tags", 1, `${MACS} ${"88a8 0001".repeat(50)} 0800 ${IP4}`, "more than 8 VLAN tags");
check("cut tag", 1, `${MACS} 8100 0001`, "the frame ends inside a VLAN tag");
check("ARP", 1, `${MACS} 0806 0001`, "ARP");
check("unknown EtherType", 1, `${MACS} 1234 0001`, "EtherType 0x1234");
check("empty", 1, "", "the frame ends inside its Ethernet header");
check("13 bytes", 1, `${MACS} 08`, "the frame ends inside its Ethernet header");
check("SNAP", 1, `${MACS} 001c ${LLC_SNAP} 0800 ${IP4} 0000`, `IPv4 at 22, 20 bytes, host, ${FROM}`);
check("802.3 length bounds the packet", 1, `${MACS} 001a ${LLC_SNAP} 0800 ${IP4}`, `IPv4 at 22, 18 bytes, host, ${FROM}`);
check("spanning tree", 1, `${MACS} 0026 424203 0000`, "spanning tree");
check("SNAP of Cisco", 1, `${MACS} 0026 aaaa03 00000c 2000`, "SNAP of organisation 0x00000c");
check("cut SNAP", 1, `${MACS} 0026 aaaa03 0000`, "the frame ends inside its SNAP header");
check("cut LLC", 1, `${MACS} 0001 aaaa03`, "the frame ends inside its LLC header");
check("PPPoE", 1, `${MACS} 8864 1100 0001 0016 0021 ${IP4} 0000`, `IPv4 at 22, 20 bytes, host, ${FROM}`);
check("PPPoE in a VLAN", 1, `${MACS} 8100 0007 8864 1100 0001 002a 0057 ${IP6}`, `IPv6 at 26, 40 bytes, vlan 7, host, ${FROM}`);
check("PPPoE of LCP", 1, `${MACS} 8864 1100 0001 0016 c021 0000`, "PPP LCP");
check("PPPoE whose length cuts the packet", 1, `${MACS} 8864 1100 0001 000c 0021 ${IP4}`, `IPv4 at 22, 10 bytes, host, ${FROM}`);
check("PPPoE of length 0", 1, `${MACS} 8864 1100 0001 0000 0021 ${IP4}`, `IPv4 at 22, 0 bytes, host, ${FROM}`);
check("PPPoE discovery", 1, `${MACS} 8863 1109`, "PPPoE discovery");

check("incoming", 113, `0000 0001 0006 0200000000bb 0000 0800 ${IP4}`, `IPv4 at 16, 20 bytes, host, ${FROM}`);
check("outgoing", 113, `0004 0001 0006 0200000000bb 0000 86dd ${IP6}`, `IPv6 at 16, 40 bytes, outgoing, ${FROM}`);
check("without a hardware address", 113, `0003 fffe 0000 0000000000000000 0800 ${IP4}`, "IPv4 at 16, 20 bytes, otherhost");
check("in a VLAN", 113, `0001 0001 0006 0200000000bb 0000 8100 0005 0800 ${IP4}`, `IPv4 at 20, 20 bytes, vlan 5, broadcast, ${FROM}`);
check("ARP", 113, `0000 0001 0006 0200000000bb 0000 0806 0001`, "ARP");
check("LLC", 113, `0000 0001 0006 0200000000bb 0000 0004 424203`, "spanning tree");
check("netlink", 113, `0000 0338 0000 0000000000000000 0000 0000`, "netlink");
check("cut", 113, "0000 0001 0006", "the frame ends inside its Linux cooked header");
check("incoming", 276, `0800 0000 00000003 0001 00 06 0200000000bb 0000 ${IP4}`, `IPv4 at 20, 20 bytes, host, ${FROM}, interface 3`);
check("multicast", 276, `86dd 0000 00000007 0001 02 06 0200000000bb 0000 ${IP6}`, `IPv6 at 20, 40 bytes, multicast, ${FROM}, interface 7`);
check(
  "in two VLANs",
  276,
  `88a8 0000 00000007 0001 00 06 0200000000bb 0000 0001 8100 0002 0800 ${IP4}`,
  `IPv4 at 28, 20 bytes, vlan 1 2, host, ${FROM}, interface 7`,
);
check("cut", 276, "0800 0000 0000", "the frame ends inside its Linux cooked v2 header");

for (const raw of [12, 14, 101]) {
  check("IPv4", raw, IP4, "IPv4 at 0, 20 bytes");
  check("IPv6", raw, IP6, "IPv6 at 0, 40 bytes");
  check("neither", raw, "f0", "IP version 15");
  check("empty", raw, "", "the frame is empty");
}
check("IPv4", 228, IP4, "IPv4 at 0, 20 bytes");
check("IPv6", 229, IP6, "IPv6 at 0, 40 bytes");
for (const loopback of [0, 108]) {
  check("IPv4, big-endian", loopback, `00000002 ${IP4}`, "IPv4 at 4, 20 bytes");
  check("IPv4, little-endian", loopback, `02000000 ${IP4}`, "IPv4 at 4, 20 bytes");
  check("IPv6 of NetBSD", loopback, `00000018 ${IP6}`, "IPv6 at 4, 40 bytes");
  check("IPv6 of FreeBSD", loopback, `1c000000 ${IP6}`, "IPv6 at 4, 40 bytes");
  check("IPv6 of Darwin", loopback, `1e000000 ${IP6}`, "IPv6 at 4, 40 bytes");
  check("OSI", loopback, `07000000`, "loopback address family 7");
  check("cut", loopback, `020000`, "the frame ends inside its loopback header");
}

check("IPv4", 9, `0021 ${IP4}`, "IPv4 at 2, 20 bytes");
check("IPv6 with address and control", 9, `ff03 0057 ${IP6}`, "IPv6 at 4, 40 bytes");
check("compressed protocol", 9, `21 ${IP4}`, "IPv4 at 1, 20 bytes");
check("cut", 9, `ff03 c0`, "the frame ends inside its PPP header");
check("PPP", 50, `ff03 0021 ${IP4}`, "IPv4 at 4, 20 bytes");
check("Cisco HDLC", 50, `0f00 0800 ${IP4}`, "IPv4 at 4, 20 bytes");
check("IPv6", 104, `0f00 86dd ${IP6}`, "IPv6 at 4, 40 bytes");
check("keepalive", 104, `8f00 8035 0000`, "RARP");
check("IPv4", 51, `1100 0001 0016 0021 ${IP4}`, "IPv4 at 8, 20 bytes");
check("outgoing", 166, `01 0021 ${IP4}`, "IPv4 at 3, 20 bytes, outgoing");
check("empty", 166, ``, "the frame ends inside its PPP header");

const HWADDR = "1000 0800 0006 0000 0200000000bb 0000";
check("IPv4", 239, `02 00 0005 ${HWADDR} 0800 0400 00000002 1800 0900 ${IP4}`, `IPv4 at 32, 20 bytes, ${FROM}, interface 2`);
check("IPv6", 239, `0a 00 0000 2c00 0900 ${IP6}`, "IPv6 at 8, 40 bytes");
check("bridge", 239, `07 00 0000 1800 0900 ${IP4}`, "NFLOG of address family 7");
check("attribute of length 0", 239, `02 00 0005 0000 0900 ${IP4}`, "a bad NFLOG attribute length");
check("attribute past the end", 239, `02 00 0005 1900 0900 ${IP4}`, "a bad NFLOG attribute length");
check("no payload", 239, `02 00 0005`, "NFLOG without a payload");

check("802.11", 105, "00", "link type 105 (IEEE 802.11) is not carried");
check("unknown", 9999, "00", "link type 9999 is not carried");

test("link type 239: attributes are in the file's byte order", () => {
  const frame = concat(unhex("02 00 0005"), numbers(false, [2, 24], [2, 9]), unhex(IP4));
  expect(decodeLink(239, frame, false).network?.bytes).toEqual(unhex(IP4));
  expect(decodeLink(239, frame, true).network).toBeUndefined();
});

test("what the record says of the receiver wins", () => {
  expect(decodeLink(1, unhex(`${MACS} 0800 ${IP4}`), true, "otherhost").network?.pkttype).toBe("otherhost");
});
