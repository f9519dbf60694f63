import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createFirewall } from "../../src/engine/index.ts";
import { LOOPBACK, TABLE, type Host, type Route } from "../../src/host/index.ts";
import { dissect, hex, isFault, parseAddress, setTransportChecksum, unhex } from "../../src/packet/index.ts";
import { readSave } from "../../src/syntax/index.ts";
import type { Transfer } from "./ftp-lab.ts";
import { whyNot } from "./namespace.ts";

const LAB = fileURLToPath(new URL("ftp-lab.ts", import.meta.url));
const missing = ["vsftpd", "tnftp", "tcpdump", "nsenter", "ss"].filter(tool => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0);
const reason = whyNot() ?? (missing.length > 0 ? `no ${missing.join(", ")}` : undefined);
if (reason !== undefined) console.log(`FTP between a real client and server skipped: ${reason}`);

const address = (text: string): number | bigint => parseAddress(text) ?? 0;

/** The router of ftp-lab.ts. */
function router(): Host {
  const arm = (name: string, four: readonly string[], six: string): Host["interfaces"][number] => ({
    name,
    link: "ethernet",
    up: true,
    mtu: 1500,
    mac: 0x02_00_00_00_00_01,
    addresses: [
      ...four.map(text => ({ family: 4, address: address(text), prefixLength: 24 }) as const),
      { family: 6, address: address(six), prefixLength: 64 },
    ],
  });
  const route = (family: 4 | 6, destination: string, prefixLength: number, device: string): Route => ({
    family,
    table: TABLE.MAIN,
    type: "unicast",
    destination: address(destination),
    prefixLength,
    device,
    metric: 0,
  });
  return {
    interfaces: [LOOPBACK, arm("lan0", ["10.0.0.1"], "fd00:1::1"), arm("wan0", ["192.0.2.1", "192.0.2.111"], "fd00:2::1")],
    routes: [
      route(4, "10.0.0.0", 24, "lan0"),
      route(4, "192.0.2.0", 24, "wan0"),
      route(4, "0.0.0.0", 0, "wan0"),
      route(6, "fd00:1::", 64, "lan0"),
      route(6, "fd00:2::", 64, "wan0"),
    ],
    rules: [],
    sysctls: new Map([
      ["net.ipv4.ip_forward", 1],
      ["net.ipv6.conf.all.forwarding", 1],
    ]),
    assumed: [],
  };
}

/** Network cards sum what senders leave open: a capture on the way has it half done. */
function summed(packet: string): Uint8Array {
  const bytes = unhex(packet);
  const layout = dissect(bytes);
  if (!isFault(layout)) setTransportChecksum(bytes, layout);
  return bytes;
}

/** The captured transfer once more, through the engine. */
function replay({ family, rules, came, left }: Transfer): { readonly left: Record<string, string[]>; readonly expectations: string[] } {
  const { ruleset } = readSave(rules, "rules", { family });
  if (ruleset === undefined) throw new Error(rules);
  const [first] = came;
  const firewall = createFirewall({ [family === 4 ? "v4" : "v6"]: ruleset, host: router(), random: () => 0, start: first?.at ?? 0 });
  const ours: Record<string, string[]> = Object.fromEntries(Object.keys(left).map(name => [name, []]));
  const expectations: string[] = [];
  for (const { at, in: device, packet } of came) {
    const outcome = firewall.receive({ bytes: summed(packet), in: device }, at, { trace: true });
    for (const frame of outcome.emitted) (ours[frame.interface] ??= []).push(hex(summed(hex(frame.bytes))));
    for (const event of outcome.events) if (event.event === "expect") expectations.push(event.expectation);
  }
  return { left: ours, expectations };
}

test.skipIf(reason !== undefined)(
  "FTP through NAT, active and passive: the kernel's expectations and rewrites",
  () => {
    const ran = spawnSync(process.execPath, ["--import", "tsx", LAB], { encoding: "utf8", maxBuffer: 64 << 20, timeout: 240_000 });
    const transfers = ran.stdout
      .split("\n")
      .filter(Boolean)
      .map(line => JSON.parse(line) as Transfer);
    expect(transfers.length, ran.stderr).toBe(24);
    let packets = 0;
    for (const transfer of transfers) {
      expect(transfer.fetched, transfer.name).toBe("the quick brown fox\n");
      const { left, expectations } = replay(transfer);
      expect(expectations, transfer.name).toEqual(transfer.expectations);
      for (const [device, frames] of Object.entries(transfer.left)) {
        packets += frames.length;
        expect(left[device], `${transfer.name}, ${device}`).toEqual(frames.map(frame => hex(summed(frame))));
      }
    }
    console.log(`FTP: ${transfers.length} transfers between vsftpd and tnftp, ${packets} frames as the kernel sent them`);
  },
  300_000,
);
