/** The machine that a ruleset stands on: host files, flags, and what `ip -j` and sysctl print. */
import fc from "fast-check";
import { expect } from "vitest";
import { hostFromCapture, hostFromFlags, parseHostFile, printHost, type Host, type HostReading } from "../../src/host/index.ts";
import { anyWord, damaged, scribbled } from "../faults/corrupt.ts";
import { target, type Target } from "./target.ts";

const { value: HOST } = hostFromFlags({
  interfaces: ["eth0=192.0.2.1/24,2001:db8::1/64", "lan0=10.0.0.1/8"],
  bridges: ["br0=eth1,eth2"],
  routes: ["default via 192.0.2.254 dev eth0", "10.9.0.0/16 dev lan0 table 100"],
  rules: ["fwmark 1 table 100"],
  sysctls: ["net.ipv4.ip_forward=1"],
});
const HOST_FILE = HOST ? printHost(HOST) : "";
const JSON_WORDS = ["{", "}", "[", "]", "[[[[", '"name":', "null", "true", "-1", "1e999", "1.5", '"\\ud800"', '"192.0.2.1/24"'];
const hostWord = fc.oneof(anyWord, fc.constantFrom(...JSON_WORDS, "dev", "via", "table", "eth0=", "=", "/", ",", '"__proto__":'));

/** What prints must read back as itself. */
function checkHost({ value, faults }: HostReading<Host>): void {
  expect(value === undefined).toBe(faults.length > 0);
  if (value === undefined) return;
  const printed = printHost(value);
  const again = parseHostFile({ file: "host", text: printed });
  expect(again.faults).toEqual([]);
  expect(again.value && printHost(again.value)).toBe(printed);
}

const FLAGS = [
  "eth0=192.0.2.1/24,2001:db8::1/64",
  "br0=eth1,eth2",
  "default via 192.0.2.254 dev eth0",
  "unreachable 10.0.0.0/8 metric 7",
  "fwmark 1/0xff from 10.0.0.0/8 iif eth0 table 100",
  "net.ipv4.ip_forward=1",
];
const flagText = fc.constantFrom(...FLAGS).chain(text => damaged(text.split(/(?<=[ =,/])/), hostWord, 3).map(words => words.join("")));
const flagTexts = fc.array(flagText, { maxLength: 3 });

const ADDRESSES =
  '[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP"],"mtu":65536,"operstate":"UNKNOWN","group":"default","link_type":"loopback","address":"00:00:00:00:00:00","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo"}]},{"ifindex":2,"ifname":"eth0","flags":["BROADCAST","UP"],"mtu":1500,"master":"br0","group":"7","link_type":"ether","address":"02:00:00:00:00:01","addr_info":[{"family":"inet","local":"192.0.2.1","prefixlen":24,"broadcast":"192.0.2.255","scope":"global"},{"family":"inet6","local":"fe80::1","prefixlen":64,"scope":"link"}]}]';
const ROUTES =
  '[{"dst":"default","gateway":"192.0.2.254","dev":"eth0","protocol":"static","metric":100,"flags":[]},{"type":"local","dst":"192.0.2.1","dev":"eth0","table":"local","protocol":"kernel","scope":"host","prefsrc":"192.0.2.1","flags":[]},{"dst":"10.0.0.0/8","nexthops":[{"via":{"family":"inet6","host":"fe80::1"},"dev":"eth0","weight":1,"flags":[]}]}]';
const RULES =
  '[{"priority":0,"src":"all","table":"local"},{"priority":5,"not":null,"src":"10.0.0.0","srclen":8,"fwmark":"0x1","fwmask":"0xff","iif":"eth0","table":"100"}]';
const SYSCTLS = "net.ipv4.ip_forward = 1\nnet.ipv4.conf.eth0.rp_filter = 2\nnet.ipv4.ip_local_port_range = 32768\t60999\n";
/** A document with pieces lost, doubled or foreign. */
export const document = (text: string): fc.Arbitrary<string> =>
  fc.oneof(
    damaged(text.split(/(?<=[\s,:{}[\]])/), hostWord, 4).map(words => words.join("")),
    scribbled(fc.constant(text)),
  );
const capture = fc.record({
  addresses: document(ADDRESSES),
  routes4: document(ROUTES),
  routes6: document(ROUTES),
  rules4: document(RULES),
  rules6: document(RULES),
  sysctls: document(SYSCTLS),
});
/** What an ordinary machine's commands print. */
export const intact = { addresses: ADDRESSES, routes4: ROUTES, routes6: "[]", rules4: RULES, rules6: "[]", sysctls: SYSCTLS };
const PARTS = ["addresses", "routes4", "rules4", "sysctls"] as const;
const oneDamaged = fc.constantFrom(...PARTS).chain(part => capture.map(broken => ({ ...intact, [part]: broken[part] })));

export const HOSTS: readonly Target[] = [
  target(
    "host-file",
    fc.oneof(
      damaged(HOST_FILE.split(/(?<=[\s,:])/), hostWord, 4).map(words => words.join("")),
      scribbled(fc.constant(HOST_FILE)),
    ),
    text => {
      const reading = parseHostFile({ file: "host", text });
      for (const { line, column } of reading.faults) expect(line >= 0 && line <= text.split("\n").length + 1 && column >= 0).toBe(true);
      checkHost(reading);
    },
  ),
  target(
    "host-flags",
    fc.record({ interfaces: flagTexts, bridges: flagTexts, routes: flagTexts, rules: flagTexts, sysctls: flagTexts }),
    flags => checkHost(hostFromFlags(flags)),
  ),
  target("host-capture", fc.oneof(oneDamaged, capture), texts => checkHost(hostFromCapture(texts))),
];
