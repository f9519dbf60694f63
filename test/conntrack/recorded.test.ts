import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Defragmenter, printConnection, printExpectation, type NatRange } from "../../src/conntrack/index.ts";
import { dissect, hex, isFault, parseIpv6, setHeaderChecksum, setU16, setU8, u8, unhex } from "../../src/packet/index.ts";
import { plainLine, Router, type HelperRule, type NatRule } from "./router.ts";

/**
 * What Linux 6.18.44 did with packets on two TUN devices, recorded in a namespace with the rules named: the files in `recorded/`
 * hold one case a line. Random ports are the kernel's own.
 */
function recorded<T>(name: string): T[] {
  const text = readFileSync(new URL(`recorded/${name}.jsonl`, import.meta.url), "utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map(line => JSON.parse(line) as T);
}

interface NatCase {
  readonly checksum: boolean;
  readonly iptables: readonly string[];
  readonly rules: readonly NatRule[];
  readonly steps: readonly {
    readonly in: "tun0" | "tun1";
    readonly packet: string;
    readonly random?: number;
    readonly out: string | null;
  }[];
  readonly table: readonly string[];
}

/** JSON has no bigints: IPv6 addresses are text there. */
function revive({ chain, protocol, range }: NatRule): NatRule {
  const [low, high] = range.addresses ?? [];
  const address = (value: unknown): number | bigint => (typeof value === "string" ? (parseIpv6(value) as bigint) : (value as number));
  const revived: NatRange = low === undefined || high === undefined ? range : { ...range, addresses: [address(low), address(high)] };
  return { chain, range: revived, ...(protocol === undefined ? {} : { protocol }) };
}

test.each(recorded<NatCase>("nat").map((value, index) => [index, value] as const))(
  "the kernel's NAT, case %i",
  (_index, { checksum, iptables, rules, steps, table }) => {
    const router = new Router({ checksum, rules: rules.map(revive) });
    for (const [index, step] of steps.entries()) {
      router.random = step.random ?? 0;
      const { out, stopped, carrier } = router.take(unhex(step.packet), step.in);
      expect(out && hex(out), `step ${index} of ${iptables.join("; ")}: ${stopped ?? ""} ${carrier.trackingReason ?? ""}`).toBe(
        step.out ?? undefined,
      );
    }
    expect(router.table()).toEqual(table.map(plainLine).toSorted());
  },
);

interface HelperCase {
  readonly setting: { readonly helpers: readonly HelperRule[]; readonly rules: readonly NatRule[] };
  readonly steps: NatCase["steps"];
  readonly expectations: readonly string[];
  readonly connections: readonly string[];
}

test.each(recorded<HelperCase>("helpers").map((value, index) => [index, value.setting.helpers[0]?.helper, value] as const))(
  "the kernel's helpers, case %i: %s",
  (_index, _helper, { setting, steps, expectations, connections }) => {
    const router = new Router({ rules: setting.rules.map(revive), helpers: setting.helpers });
    for (const [index, step] of steps.entries()) {
      router.random = step.random ?? 0;
      const { out, stopped, carrier } = router.take(unhex(step.packet), step.in);
      expect(out && hex(out), `step ${index}: ${stopped ?? ""} ${carrier.trackingReason ?? ""}`).toBe(step.out ?? undefined);
    }
    const foreseen = router.tracker.expectations.list(router.now);
    expect(foreseen.map(one => printExpectation(one, router.now, { timeouts: false })).toSorted()).toEqual(expectations);
    const helperOf = (line: string): string => / helper=\S+/.exec(line)?.[0] ?? "";
    const lines = router.tracker.connections(router.now).map(one => printConnection(one, router.now, { timeouts: false }));
    expect(lines.map(line => plainLine(line) + helperOf(line)).toSorted()).toEqual(connections);
  },
);

interface SctpCase {
  readonly steps: readonly {
    readonly in: "tun0" | "tun1";
    readonly packet: string;
    readonly passes: boolean;
    readonly state: string | null;
  }[];
}

test.each(recorded<SctpCase>("sctp").map((value, index) => [index, value] as const))("the kernel's SCTP, case %i", (_index, { steps }) => {
  const router = new Router({ dropInvalid: true });
  for (const [index, { in: arm, packet, passes, state }] of steps.entries()) {
    const { out, carrier } = router.take(unhex(packet), arm);
    const found = router.table()[0]?.split(" ")[2];
    expect([out !== undefined, found ?? null], `step ${index}: ${packet}: ${carrier.trackingReason ?? ""}`).toEqual([passes, state]);
  }
});

interface DefragCase {
  readonly family: 4 | 6;
  readonly steps: readonly { readonly in: string; readonly packet: string; readonly out: string | null }[];
}

/** What leaves the router, with its fragments joined, DF cleared. */
function forwarded(bytes: Uint8Array, family: 4 | 6): string {
  const copy = bytes.slice();
  if (family === 6) setU8(copy, 7, u8(copy, 7) - 1);
  else {
    setU8(copy, 8, u8(copy, 8) - 1);
    setU16(copy, 6, 0);
    setHeaderChecksum(copy, (u8(copy, 0) & 15) * 4);
  }
  return hex(copy);
}

test.each(recorded<DefragCase>("defrag").map((value, index) => [index, value] as const))(
  "the kernel's reassembly, case %i",
  (_index, { family, steps }) => {
    const defragmenter = new Defragmenter();
    for (const [index, { in: arm, packet, out }] of steps.entries()) {
      const bytes = unhex(packet);
      const layout = dissect(bytes);
      if (isFault(layout)) throw new RangeError(layout.fault);
      const result = defragmenter.push(bytes, layout, { at: "PREROUTING", in: arm }, 0);
      // A fragment that passes after all is nothing that the stack forwards, if its header says more than it has.
      if (result.do === "pass" && out === null) continue;
      const left = result.do === "whole" ? forwarded(result.bytes, family) : result.do === "pass" ? forwarded(bytes, family) : null;
      expect(left, `step ${index}: ${JSON.stringify(result.do)}`).toBe(out);
    }
  },
);
