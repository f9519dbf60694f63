/**
 * Compares the whole engine with the kernel where a machine itself is client or server of a protocol with a helper, over loopback too, with and
 * without NAT: node --import tsx local-main.ts [--seed N] [--cases N].
 */
import { parseArgs } from "node:util";
import { hex, parseIpv4 } from "../../../src/packet/index.ts";
import { comparableLines } from "../case.ts";
import { EngineReferee } from "../engine-referee.ts";
import { seededRandom, type Random } from "../generate/random.ts";
import { KernelReferee } from "../kernel-referee.ts";
import { inNamespace, reenter, whyNot } from "../namespace.ts";
import type { Outcome, Step } from "../referee.ts";
import { Flow, type Arm } from "./conversation.ts";
import { mutate } from "./mutate.ts";
import { PROTOCOLS } from "./phrases.ts";
import type { Protocol } from "./protocol.ts";

const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, cases: { type: "string", default: "100" } } });

const reason = whyNot();
if (reason !== undefined) {
  console.log(`helper comparison skipped: ${reason}`);
  process.exit(0);
}
if (!inNamespace()) process.exit(reenter());

/** Who of the two is the machine itself. */
type Role = "server" | "client" | "both";

const HOSTS: Readonly<Record<Role, readonly [client: string, server: string]>> = {
  server: ["10.99.0.20", "10.99.0.1"],
  client: ["10.99.0.1", "203.0.113.5"],
  both: ["10.99.0.1", "10.99.1.1"],
};

/** Rules of the nat table by role; `P` stands for the protocol and its port. */
const NAT: Readonly<Record<Role, readonly string[]>> = {
  server: ["-A PREROUTING -i eth0 P -j REDIRECT --to-ports 4021", "-A INPUT -i eth0 P -j SNAT --to-source 10.99.0.77"],
  client: [
    "-A OUTPUT P -j DNAT --to-destination 10.99.0.30",
    "-A POSTROUTING -o eth0 P -j SNAT --to-source 10.99.0.2",
    "-A POSTROUTING -o eth0 -j MASQUERADE",
  ],
  both: ["-A OUTPUT P -j REDIRECT --to-ports 4021", "-A INPUT P -j SNAT --to-source 10.99.2.1"],
};

const kernel = new KernelReferee(4, "silent");
const engine = new EngineReferee(4, "silent");
const counts = { cases: 0, packets: 0, disagreements: 0 };
const first = Number(values.seed);
for (let seed = first; seed < first + Number(values.cases) && counts.disagreements < 3; seed++) {
  const found = playCase(seededRandom(seed));
  counts.cases++;
  if (found === undefined) continue;
  counts.disagreements++;
  console.log(`=== seed ${seed}\n${found}\n`);
}
console.log(
  `local helpers: ${counts.cases} conversations, ${counts.packets} packets compared with the kernel, ${counts.disagreements} disagreements`,
);
process.exit(counts.disagreements > 0 ? 1 : 0);

function rulesOf({ transport, port, helper }: Protocol, nat: string): string {
  const named = `-p ${transport} --dport ${port}`;
  const raw = ["PREROUTING -i eth0", "OUTPUT"].map(place => `-A ${place} ${named} -j CT --helper ${helper}\n`).join("");
  const seen = ["INPUT", "OUTPUT"]
    .map(chain => `-A ${chain} -m conntrack --ctstate RELATED\n-A ${chain} -m helper --helper ${helper}\n`)
    .join("");
  return `*raw\n${raw}COMMIT\n*nat\n${nat.replace(" P ", ` ${named} `)}${nat === "" ? "" : "\n"}COMMIT\n*filter\n${seen}COMMIT\n`;
}

/** What the two disagree about; undefined when they do not. */
function playCase(random: Random): string | undefined {
  const protocol = random.pick(PROTOCOLS.filter(({ families }) => families.includes(4)));
  const role = random.pick(["server", "client", "both"] as const);
  const rules = rulesOf(protocol, random.oneIn(3) ? "" : random.pick(NAT[role]));
  const refused = kernel.load(rules) ?? engine.load(rules);
  if (refused !== undefined) return `${rules}${refused}`;
  let different: string | undefined;
  const wire = (arm: Arm, packet: Uint8Array): Uint8Array | undefined => {
    if (different !== undefined) return undefined;
    const own = role === "both" || (role === "client") === (arm === "tun0");
    const step: Step = own
      ? { do: "send", bytes: packet, note: "", uid: 0, gid: 0, mark: 0 }
      : { do: "inject", device: "eth0", bytes: packet, note: "" };
    const [theirs, ours] = [kernel.step(step), engine.step(step)];
    counts.packets++;
    const [left, right] = comparableLines(step, unsummed(theirs), unsummed(ours));
    if (left.join("\n") !== right.join("\n"))
      different = `${rules}${step.do} ${hex(packet)}\nkernel: ${left.join("\n  ")}\nengine: ${right.join("\n  ")}`;
    return (theirs.delivered[0] ?? theirs.emitted[0])?.bytes;
  };
  converse(random, protocol, role, wire);
  if (different !== undefined) return different;
  const compare = (what: string, theirs: readonly string[], ours: readonly string[]): string | undefined =>
    theirs.join("\n") === ours.join("\n") ? undefined : `${rules}${what}\nkernel:\n${theirs.join("\n")}\nengine:\n${ours.join("\n")}`;
  const ours = engine.counters();
  const keys = [...kernel.counters().keys()].filter(key => key.startsWith("filter/") && !key.endsWith("policy"));
  return (
    compare("connections", kernel.connections(), engine.connections()) ??
    compare(
      "counters",
      keys.map(key => `${key} ${kernel.counters().get(key)?.join(" ")}`),
      keys.map(key => `${key} ${ours.get(key)?.join(" ")}`),
    )
  );
}

function converse(random: Random, protocol: Protocol, role: Role, wire: (arm: Arm, packet: Uint8Array) => Uint8Array | undefined): void {
  const [from, to] = HOSTS[role];
  const client = { address: parseIpv4(from) ?? 0, port: 40000 };
  const called = { address: parseIpv4(to) ?? 0, port: protocol.port };
  const flow = new Flow(wire, protocol.transport, "tun0", client, called);
  if (!flow.open()) return;
  for (let count = 0; count < 10; count++) {
    const { own: server = called, peer: caller = client } = flow.server ?? {};
    const [speaker, line] = protocol.line({ random, client, called, server, caller }, count);
    flow.say(speaker, random.oneIn(6) ? mutate(random, line) : line);
  }
}

/**
 * What a helper rewrote is summed when it leaves, and not at all when it is delivered; and a helper that drops a packet says so in the kernel's log,
 * which the engine's trace does instead.
 */
function unsummed(outcome: Outcome): Outcome {
  const delivered = outcome.delivered.map(frame => {
    const bytes = frame.bytes.slice();
    const l4 = ((bytes[0] ?? 0) & 15) * 4;
    const at = l4 + (bytes[9] === 6 ? 16 : 6);
    bytes.fill(0, at, at + 2);
    return { ...frame, bytes };
  });
  return { ...outcome, delivered, logged: outcome.logged.filter(line => !line.includes("nf_ct_")) };
}
