// npm run bench: parse, trace and replay beside the real tools on the same input, in one run. Ratios are what counts; the machine is noisy.
import { createFirewall } from "ferrule/engine";
import { assumeHost } from "ferrule/host";
import { decodeCapture, isNotationFault, parseNotation, specToBytes, type PacketSpec } from "ferrule/packet";
import { createReplay } from "ferrule/report";
import { printSave, readRules } from "ferrule/syntax";
import type { Ruleset } from "ferrule/ruleset";
import { median, processTime, row } from "./measure.ts";
import { manyPackets } from "./packets.ts";
import { manyRules } from "./rules.ts";

const WEB = `*filter
:INPUT DROP [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate INVALID -j DROP
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m multiport --dports 22,80,443 -m conntrack --ctstate NEW -j ACCEPT
COMMIT
`;

const ms = (time: number): string => `${time.toFixed(time < 10 ? 2 : 0)} ms`;

/** Both real tools only check the file: nothing is loaded, yet they need a network namespace of their own to be allowed to. */
const PEERS = ["iptables-legacy-restore", "iptables-nft-restore"] as const;

console.log("parse (median of 3 in this process; peers are whole processes, --test)");
let loaded: Ruleset | undefined;
for (const count of [1_000, 10_000, 100_000]) {
  const text = manyRules(count);
  const time = median(3, () => {
    loaded = readRules(text, "bench.rules", { family: 4 }).ruleset;
  });
  const ratios = PEERS.map(peer => {
    const peerTime = processTime("unshare", ["-n", peer, "--test"], text);
    return typeof peerTime === "string" ? `${peer}: ${peerTime}` : `${(time / peerTime).toFixed(1)} × ${peer} (${ms(peerTime)})`;
  });
  row(`${count} rules`, ms(time), ratios.join(", "));
}
row("peak memory of this process so far", `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
if (!loaded) throw new Error("the generated rules were refused");
const whole = loaded;
row("printing 100000 rules", ms(median(3, () => printSave(whole))));

console.log(
  "\ntraverse (one packet through N rules that do not match, then the policy; kernel figures for comparison: npm run kernel -- --help)",
);
const spec = parseNotation("tcp 203.0.113.9:40000 > 198.51.100.2:25 syn in eth0");
if (isNotationFault(spec)) throw new Error(spec.message);
for (const count of [0, 10, 100, 1_000, 10_000]) {
  const lines = Array.from(
    { length: count },
    (_, n) => `-A INPUT -s 10.${(n >> 8) & 255}.${n & 255}.1/32 -p tcp -m tcp --dport ${1 + (n % 60000)} -j ACCEPT`,
  );
  const compiled = perPacket(`*filter\n${lines.join("\n")}\n-A INPUT -j DROP\nCOMMIT\n`, "compiled", spec);
  const reference = perPacket(`*filter\n${lines.join("\n")}\n-A INPUT -j DROP\nCOMMIT\n`, "reference", spec);
  row(
    `${count} rules, one packet`,
    `${Math.round(compiled)} ns`,
    `${(reference / compiled).toFixed(1)} times faster than the reference interpreter (${Math.round(reference)} ns)`,
  );
}

console.log("\ntrace (with every event kept) and replay");
const web = readRules(WEB, "bench.rules", { family: 4 }).ruleset;
const webHost = assumeHost([web], [{ family: 4, source: spec.source.address, destination: spec.destination.address, in: "eth0" }]);
const traced = createFirewall({ v4: web, host: webHost, start: 0, random: () => 0 });
const packetBytes = specToBytes(spec);
const bare = median(5, () => repeat(5_000, () => traced.receive({ bytes: packetBytes, in: "eth0" }, 0)));
const events = median(5, () => repeat(5_000, () => traced.receive({ bytes: packetBytes, in: "eth0" }, 0, { trace: true })));
row("one packet without a trace", `${(bare / 5).toFixed(1)} µs`);
row("the same with a trace", `${(events / 5).toFixed(1)} µs`, `${(events / bare).toFixed(1)} times as long`);

const CAPTURED = 200_000;
const capture = [...decodeCapture(manyPackets(CAPTURED))];
const replayed = median(3, () => {
  const replay = createReplay({ v4: web, random: () => 0 });
  for (const item of capture) replay.take(item);
  replay.end();
});
const reading = median(3, () => void [...decodeCapture(manyPackets(CAPTURED))].length);
row(
  `replay of ${CAPTURED} packets, tracked`,
  ms(replayed),
  `${Math.round(CAPTURED / replayed)} packets/ms; making and reading the capture alone ${ms(reading)}`,
);

function repeat(times: number, run: () => void): void {
  for (let i = 0; i < times; i++) run();
}

/** ns for one packet, over enough packets to take a while. */
function perPacket(text: string, engine: "compiled" | "reference", packet: PacketSpec): number {
  const { ruleset } = readRules(text, "bench.rules", { family: 4 });
  const host = assumeHost(
    [ruleset],
    [{ family: packet.family, source: packet.source.address, destination: packet.destination.address, in: packet.in }],
  );
  const firewall = createFirewall({ v4: ruleset, host, start: 0, random: () => 0, engine });
  const bytes = specToBytes(packet);
  const send = (times: number): void => {
    for (let i = 0; i < times; i++) firewall.receive({ bytes, in: "eth0" }, 0);
  };
  send(2_000);
  const times = Math.max(50, Math.round(2_000_000 / (text.length / 20 + 200)));
  return (median(3, () => send(times)) * 1e6) / times;
}
