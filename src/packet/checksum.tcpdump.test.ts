import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { decodeCapture } from "./capture/index.ts";
import { PROTOCOL, dissect, isFault, transportChecksum, transportChecksumHolds } from "./index.ts";

/** Our checksums beside what `tcpdump -vv` says of them, over every capture of the corpus. */

const CORPUS = fileURLToPath(new URL("../../../shared/corpus/pcap/", import.meta.url));
const installed = spawnSync("tcpdump", ["--version"]).status === 0;
const reason = !installed ? "tcpdump is not installed" : existsSync(CORPUS) ? "" : "the corpus ../shared/corpus is absent";
if (reason !== "") console.log(`skipped: checksums as tcpdump computes them: ${reason}`);

/** What tcpdump writes of each packet: a line that begins with a time, and indented ones. */
function described(path: string): string[] {
  const packets: string[] = [];
  const text = spawnSync("tcpdump", ["-r", path, "-nn", "-tt", "-vv"], { maxBuffer: 1 << 28, encoding: "latin1" }).stdout;
  for (const line of text.split("\n")) {
    if (/^\d+\.\d+ /.test(line)) packets.push(line);
    else if (packets.length > 0) packets[packets.length - 1] += `\n${line}`;
  }
  return packets;
}

/** What tcpdump says of the first checksum in its text: right, or what would be. */
function verdict(text: string): "right" | number | undefined {
  const wrong = /(?:cksum|sum) 0x[0-9a-f]+ (?:\(incorrect )?-> 0x([0-9a-f]+)/.exec(text);
  if (wrong !== null) return Number.parseInt(wrong[1] as string, 16);
  return /\(correct\)|sum ok/.test(text) ? "right" : undefined;
}

test.skipIf(reason !== "")("TCP, UDP and ICMPv6 checksums are those that tcpdump computes", () => {
  const files = readdirSync(CORPUS, { recursive: true, encoding: "utf8" }).filter(name => /pcap/.test(name));
  let [right, wrong] = [0, 0];
  for (const name of files) {
    const path = join(CORPUS, name);
    const items = [...decodeCapture(readFileSync(path))].filter(item => item.kind === "packet");
    const texts = described(path);
    // Where tcpdump itself gives up early there is nothing to compare.
    if (texts.length !== items.length) continue;
    for (const [i, { network }] of items.entries()) {
      const layout = network === undefined ? undefined : dissect(network.bytes);
      if (network === undefined || layout === undefined || isFault(layout)) continue;
      if (layout.protocol !== PROTOCOL.TCP && layout.protocol !== PROTOCOL.UDP && layout.protocol !== PROTOCOL.ICMPV6) continue;
      // tcpdump takes a routing header's last address, the kernel's nf_ip6_checksum the header's destination.
      if (layout.extensions.some(({ protocol }) => protocol === PROTOCOL.ROUTING)) continue;
      const said = verdict(texts[i] as string);
      if (said === undefined) continue;
      const where = `${name} ${i + 1}`;
      expect([where, transportChecksumHolds(network.bytes, layout)]).toEqual([where, said === "right"]);
      if (said === "right") right++;
      else {
        wrong++;
        expect([where, transportChecksum(network.bytes, layout)]).toEqual([where, said]);
      }
    }
  }
  console.log(`checksums: ${right} right and ${wrong} wrong ones agree with tcpdump in ${files.length} captures`);
  expect(right).toBeGreaterThan(1000);
  expect(wrong).toBeGreaterThan(100);
});
