import { expect, test } from "vitest";
import { LOOPBACK, Router, type Interface } from "../host/index.ts";
import { dissect, isFault, unhex } from "../packet/index.ts";
import type { Log } from "../predicate/index.ts";
import { logLine } from "./log.ts";
import { Packet } from "./packet.ts";

interface LogScene extends Omit<Log, "do" | "level"> {
  readonly inInterface: string;
  readonly outInterface: string;
  readonly linkHeader: Uint8Array;
  readonly mark: number;
  readonly user?: { readonly uid: number; readonly gid: number };
}

const router = new Router({ interfaces: [LOOPBACK], routes: [], rules: [], sysctls: new Map(), assumed: [] });
const device = (name: string): Interface | undefined => (name === "" ? undefined : { ...LOOPBACK, name });

/** The engine's line for a packet in a scene. */
function lineOf(bytes: Uint8Array, scene: LogScene): string {
  const layout = dissect(bytes);
  if (isFault(layout)) return layout.fault;
  const { linkHeader, mark, user } = scene;
  const packet = new Packet(bytes, layout, router, 0, { in: device(scene.inInterface), linkHeader, mark, uid: user?.uid, gid: user?.gid });
  packet.out = device(scene.outInterface);
  return logLine(packet, { do: "log", level: 4, ...scene });
}

// Lines that Linux 6.18 wrote for these packets on the loopback interface.
const out: LogScene = {
  prefix: "A: ",
  inInterface: "",
  outInterface: "lo",
  linkHeader: new Uint8Array(),
  mark: 0,
  tcpSequence: true,
  tcpOptions: true,
  ipOptions: true,
  uid: true,
  macDecode: false,
  user: { uid: 0, gid: 0 },
};
const link = unhex("0000000000000000000000000800");
const incoming: LogScene = {
  ...out,
  prefix: "B: ",
  inInterface: "lo",
  outInterface: "",
  linkHeader: link,
  tcpSequence: false,
  tcpOptions: false,
  ipOptions: false,
  uid: false,
};
const incoming6: LogScene = { ...incoming, prefix: "C: ", linkHeader: unhex("00000000000000000000000086dd"), ipOptions: true };

const loopback = "7f0000017f000001";
const tcp = "03e807d000000001000000026fff012c00000005020405b4";
const inner = `4500002c00070000400600007f0000017f000001${tcp}`;
const ones = "00000000000000000000000000000001".repeat(2);
const address6 = "0000:0000:0000:0000:0000:0000:0000:0001";
const MAC = "MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00";
const TCP_TAIL = "WINDOW=300 RES=0x38 AE CWR ECE URG ACK PSH RST SYN FIN URGP=5 ";

test.each<[string, LogScene, string]>([
  [
    `45ff002c0007000040060000${loopback}${tcp}`,
    out,
    `A: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=44 TOS=0x1E PREC=0xE0 TTL=64 ID=7 PROTO=TCP SPT=1000 DPT=2000 SEQ=1 ACK=2 ${TCP_TAIL}OPT (020405B4) UID=0 GID=0 `,
  ],
  [
    `45ff002c0007000040060000${loopback}${tcp}`,
    incoming,
    `B: IN=lo OUT= ${MAC} SRC=127.0.0.1 DST=127.0.0.1 LEN=44 TOS=0x1E PREC=0xE0 TTL=64 ID=7 PROTO=TCP SPT=1000 DPT=2000 ${TCP_TAIL}`,
  ],
  [
    `4500001e0007000040060000${loopback}${tcp.slice(0, 20)}`,
    out,
    "A: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=30 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=TCP INCOMPLETE [10 bytes] ",
  ],
  [
    `460000200007200040110000${loopback}010101000001000200080000`,
    out,
    "A: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=32 TOS=0x00 PREC=0x00 TTL=64 ID=7 MF OPT (01010100) PROTO=UDP SPT=1 DPT=2 LEN=8 UID=0 GID=0 ",
  ],
  [
    `450000480007000040010000${loopback}0304000000000578${inner}`,
    out,
    `A: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=72 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=ICMP TYPE=3 CODE=4 [SRC=127.0.0.1 DST=127.0.0.1 LEN=44 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=TCP SPT=1000 DPT=2000 SEQ=1 ACK=2 ${TCP_TAIL}OPT (020405B4) ] MTU=1400 UID=0 GID=0 `,
  ],
  [
    `4500001c0007000040010000${loopback}0304000000000578`,
    out,
    "A: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=ICMP TYPE=3 CODE=4 INCOMPLETE [8 bytes] UID=0 GID=0 ",
  ],
  [
    `450000200007000040330000${loopback}000102030405060708090a0b`,
    out,
    "A: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=32 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=AH SPI=0x4050607 UID=0 GID=0 ",
  ],
  [
    `450000160007000040630000${loopback}7878`,
    { ...out, mark: 0x2a },
    "A: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=22 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=99 UID=0 GID=0 MARK=0x2a ",
  ],
  [
    `6ab0000500280040${ones}2c000104000000000600000100000009${tcp}`,
    incoming6,
    `C: IN=lo OUT= ${MAC.replace("08:00", "86:dd")} SRC=${address6} DST=${address6} LEN=80 TC=171 HOPLIMIT=64 FLOWLBL=5 OPT ( ) OPT ( FRAG:0 INCOMPLETE ID:00000009 ) PROTO=TCP SPT=1000 DPT=2000 ${TCP_TAIL}`,
  ],
  [
    `6ab0000500003b40${ones}`,
    incoming6,
    `C: IN=lo OUT= ${MAC.replace("08:00", "86:dd")} SRC=${address6} DST=${address6} LEN=40 TC=171 HOPLIMIT=64 FLOWLBL=5 PROTO=59 `,
  ],
  [
    `6ab0000500083a40${ones}8000000000010002`,
    incoming6,
    `C: IN=lo OUT= ${MAC.replace("08:00", "86:dd")} SRC=${address6} DST=${address6} LEN=48 TC=171 HOPLIMIT=64 FLOWLBL=5 PROTO=ICMPv6 TYPE=128 CODE=0 ID=1 SEQ=2 `,
  ],
])("row %#", (packet, scene, line) => {
  const bytes = unhex(packet);
  expect(lineOf(bytes, scene)).toBe(line);
});
