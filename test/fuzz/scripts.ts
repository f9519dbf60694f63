/** What comes out of a script's sandbox: where its calls were made, what it printed, and the network that it left behind. */
import fc from "fast-check";
import { expect } from "vitest";
import { placesFrom, positionOf, type Call } from "../../src/cli/script/calls.ts";
import { afterScript, madeFrom } from "../../src/cli/script/made.ts";
import { Transcript, transcriptLines } from "../../src/cli/script/transcript.ts";
import { hostFromFlags, parseHostFile, printHost } from "../../src/host/index.ts";
import { hex, unhex } from "../../src/packet/index.ts";
import { printable } from "../../src/report/index.ts";
import { anyWord, damaged } from "../faults/corrupt.ts";
import { document, intact } from "./hosts.ts";
import { target, type Target } from "./target.ts";

const words = fc.oneof(
  fc.constantFrom("iptables\0-A\0INPUT\0", "iptables\0-S\0", "ip6tables\0-F\0", "", "\0"),
  anyWord.map(word => `iptables\0${word}\0`),
);
const at = fc.oneof(
  fc.constantFrom("", "fw:1", "/x/fw:22", "a:b:3", ":4", "fw:", "fw:0", "fw:-1", "fw:1e3", "__proto__:9", "fw:999999999999999999999"),
  anyWord,
);
const calls: fc.Arbitrary<Call[]> = fc.array(fc.record({ words, at }), { maxLength: 12 });

function lawsOfCalls({ made, told }: { readonly made: Call[]; readonly told: Call[] }): void {
  const places = placesFrom(made, told);
  expect(places.length).toBe(made.length);
  for (const [index, { at: own }] of made.entries()) {
    if (own !== "" && made.length === told.length) expect([own, ""]).toContain(places[index] === own ? own : "");
    const { line, column } = positionOf(places[index] ?? "", path => path, "script");
    expect(Number.isSafeInteger(line) && line >= 0 && column >= 0).toBe(true);
  }
}

/** Lines are bounded in number and length, and have nothing that moves a terminal's cursor. */
function lawsOfOutput({ chunks, complaints }: { readonly chunks: readonly string[]; readonly complaints: readonly string[] }): void {
  const transcript = new Transcript(["/tmp/x", "fw.sh"]);
  for (const chunk of chunks) transcript.said(unhex(chunk));
  for (const [index, sentence] of complaints.entries()) transcript.complained(index, sentence);
  transcript.flush();
  const lines = transcriptLines(transcript, "fw\u001b.sh", call => `fw:${call}`);
  for (const line of lines) for (const part of line.split("\n")) expect(printable(part)).toBe(part);
  expect(lines.length).toBeLessThan(105 + complaints.length);
}

const { value: HOST } = hostFromFlags({ interfaces: ["eth0=192.0.2.1/24"] });
const SETTINGS = "/proc/sys/net/ipv4/ip_forward:1\n/proc/sys/net/ipv4/conf/default/rp_filter:2\n/proc/sys/net/ipv4/conf/eth9/rp_filter:1\n";

function lawsOfMade({ parts, set }: { readonly parts: Readonly<Record<string, string>>; readonly set: readonly string[] }): void {
  if (HOST === undefined) return;
  const host = afterScript(HOST, madeFrom(new Map(Object.entries(parts)), set));
  const { value, faults } = parseHostFile({ file: "host", text: printHost(host) });
  // Interfaces and routes that do not fit together are told, not thrown.
  expect(value === undefined).toBe(faults.length > 0);
}

const left = fc.record({
  parts: fc
    .tuple(document(intact.addresses), document(intact.routes4), document(intact.rules4), document(SETTINGS))
    .map(([addresses, routes, rules, settings]) => ({
      before: "/proc/sys/net/ipv4/ip_forward:0\n",
      after: settings,
      "after-addresses": addresses,
      "after-routes4": routes,
      "after-rules4": rules,
    })),
  set: fc.array(
    damaged(["net", "/", "netfilter", "/", "nf_conntrack_max", "=", "1"], anyWord, 2).map(pieces => pieces.join("")),
    { maxLength: 3 },
  ),
});

export const SCRIPTS: readonly Target[] = [
  target("script-calls", fc.record({ made: calls, told: calls }), lawsOfCalls),
  target(
    "script-output",
    fc.record({
      chunks: fc.array(fc.uint8Array({ maxLength: 60 }).map(hex), { maxLength: 6 }),
      complaints: fc.array(anyWord, { maxLength: 4 }),
    }),
    lawsOfOutput,
  ),
  target("script-made", left, lawsOfMade),
];
