import fc from "fast-check";
import { expect, test } from "vitest";
import { hostFromFlags } from "../../host/index.ts";
import { complement, fromPrefix4, fromPrefix6, intervals, parsePrefix4, parsePrefix6, type IntervalSet } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import { readIpsets, readRules } from "../../syntax/index.ts";
import type { Ranges } from "../witness.ts";
import {
  addressNames,
  addressText,
  ALL_ADDRESSES,
  classNames,
  effectsText,
  ownNames,
  serviceNames,
  serviceText,
  unionOf,
  type AddressNames,
  type ServiceShape,
} from "./index.ts";

const TCP: Ranges = [[6, 6]];
const UDP: Ranges = [[17, 17]];
const ICMP: Ranges = [[1, 1]];
const ALL_PROTOCOLS: IntervalSet<Scalar> = [[0, 255]];
const ALL_BUT_TCP: Ranges = complement([[6, 6]], ALL_PROTOCOLS);
const ALL_BUT_ICMP: Ranges = complement([[1, 1]], ALL_PROTOCOLS);
const ALL_BUT_TCP_UDP: Ranges = complement(intervals([6, 6], [17, 17]), ALL_PROTOCOLS);
const ALL_BUT_80: Ranges = complement([[80, 80]], [[0, 65535]]);

const services: readonly (readonly [ServiceShape, string, Family?])[] = [
  [{ protocols: TCP, ports: [[22, 22]] }, "ssh (tcp 22)"],
  [{ protocols: UDP, ports: [[53, 53]] }, "dns (udp 53)"],
  [{ protocols: UDP, ports: [[443, 443]] }, "quic (udp 443)"],
  [{ protocols: TCP, ports: [[443, 443]] }, "https (tcp 443)"],
  [
    {
      protocols: TCP,
      ports: [
        [80, 80],
        [443, 443],
      ],
    },
    "http, https (tcp 80, 443)",
  ],
  [{ protocols: TCP, ports: [[8000, 8100]] }, "tcp 8000-8100"],
  [
    {
      protocols: TCP,
      ports: [
        [22, 22],
        [60000, 60000],
      ],
    },
    "tcp 22, 60000",
  ],
  [
    {
      protocols: TCP,
      ports: [
        [0, 21],
        [23, 65535],
      ],
    },
    "tcp all but 22",
  ],
  [{ protocols: TCP, ports: [[0, 65535]] }, "all tcp"],
  [{ protocols: TCP, ports: undefined }, "all tcp"],
  [
    {
      protocols: [
        [6, 6],
        [17, 17],
      ],
      ports: [[53, 53]],
    },
    "dns (tcp+udp 53)",
  ],
  [{ protocols: UDP, ports: [[1024, 65535]], sourcePorts: [[53, 53]] }, "udp 1024-65535 from port 53"],
  [{ protocols: UDP, ports: [[53, 53]], sourcePorts: [[1024, 65535]] }, "dns (udp 53) from port 1024-65535"],
  [{ protocols: UDP, sourcePorts: [[53, 53]] }, "udp from port 53"],
  [{ protocols: ICMP, icmpTypes: [[8, 8]] }, "ping"],
  [{ protocols: [[58, 58]], icmpTypes: [[128, 128]] }, "ping", 6],
  [
    {
      protocols: ICMP,
      icmpTypes: [
        [8, 8],
        [13, 13],
      ],
    },
    "ping, icmp timestamp-request",
  ],
  [{ protocols: ICMP, icmpTypes: [[15, 15]] }, "icmp information-request"],
  [{ protocols: ICMP, icmpTypes: [[200, 200]] }, "icmp type 200"],
  [{ protocols: ICMP }, "all icmp"],
  [{ protocols: [[0, 255]] }, "everything"],
  [{ protocols: [[47, 47]] }, "gre"],
  [{ protocols: [[50, 51]] }, "esp+ah"],
  [{ protocols: [[200, 200]] }, "protocol 200"],
  [
    {
      protocols: [
        [0, 0],
        [2, 5],
        [7, 16],
        [18, 255],
      ],
    },
    "every protocol but icmp, tcp, udp",
  ],
  [{ protocols: [[100, 150]] }, "protocols 100-150"],
];

test.each(services.map(([shape, text, family]) => ({ shape, text, family: family ?? 4 })))("$text", ({ shape, text, family }) =>
  expect(serviceText(shape, family)).toBe(text),
);

test.each<[string, readonly ServiceShape[], readonly string[]]>([
  ["apart", [{ protocols: TCP, ports: [[22, 22]] }, { protocols: UDP }], ["ssh (tcp 22)", "all udp"]],
  ["whole protocols alone", [{ protocols: ALL_BUT_TCP }], ["every protocol but tcp"]],
  ["all but a port", [{ protocols: TCP, ports: ALL_BUT_80 }, { protocols: ALL_BUT_TCP }], ["everything but http (tcp 80)"]],
  ["all but port 0", [{ protocols: TCP, ports: [[1, 65535]] }, { protocols: ALL_BUT_TCP }], ["everything"]],
  [
    "all but ports of two protocols",
    [{ protocols: TCP, ports: ALL_BUT_80 }, { protocols: ALL_BUT_TCP_UDP }],
    ["everything but http (tcp 80), all udp"],
  ],
  [
    "all but most of a protocol",
    [{ protocols: TCP, ports: [[22, 22]] }, { protocols: ALL_BUT_TCP }],
    ["ssh (tcp 22)", "every protocol but tcp"],
  ],
  ["all but most of ICMP", [{ protocols: ICMP, icmpTypes: [[8, 8]] }, { protocols: ALL_BUT_ICMP }], ["ping", "every protocol but icmp"]],
])("services together: %s", (_, shapes, names) =>
  expect(serviceNames(shapes.map(shape => ({ ...shape, name: serviceText(shape, 4) })))).toEqual(names),
);

test.each<[readonly string[], string]>([
  [[], ""],
  [["source of the interface"], "masqueraded"],
  [
    ["source of the interface random-fully", "destination 10.0.0.5:80", "destination 10.0.0.6:80"],
    "DNAT to 10.0.0.5:80 or 10.0.0.6:80, masqueraded random-fully",
  ],
  [["destination unchanged:8080"], "redirected to port 8080"],
  [["source 192.0.2.1", "mark 0x1"], "SNAT to 192.0.2.1, mark 0x1"],
  [Array.from({ length: 9 }, (_, i) => `destination 10.0.0.${i}`), "DNAT to 10.0.0.0 or 10.0.0.1 or 10.0.0.2 or 6 more"],
])("NAT %j: %s", (effects, text) => expect(effectsText(effects)).toBe(text));

test("the text of a service with very many ports is short", () => {
  const ports = Array.from({ length: 5000 }, (_, i): readonly [number, number] => [i * 13, i * 13 + (i % 7)]);
  expect(serviceText({ protocols: TCP, ports }, 4).length).toBeLessThan(120);
});

const networks = (text: string): Ranges =>
  intervals<Scalar>(
    ...text.split(" ").flatMap((word): IntervalSet<Scalar> => {
      if (word.includes(":")) {
        const read = parsePrefix6(word);
        return "prefix" in read ? (fromPrefix6(read.prefix) ?? []) : [];
      }
      const read = parsePrefix4(word);
      return "prefix" in read ? (fromPrefix4(read.prefix) ?? []) : [];
    }),
  );
const butNot = (text: string): Ranges =>
  complement(networks(text) as IntervalSet<Scalar>, ALL_ADDRESSES[text.includes(":") ? 6 : 4] as IntervalSet<Scalar>);

const { value: host } = hostFromFlags({ interfaces: ["wan0=198.51.100.2/24", "lan0=192.168.1.1/24,2001:db8:1::1/64"] });
const { sets } = readIpsets(
  "create admins hash:net\nadd admins 203.0.113.0/28\nadd admins 203.0.113.77\ncreate ports bitmap:port range 0-100\nadd ports 5\ncreate holes hash:net\nadd holes 10.0.0.0/8\nadd holes 10.1.0.0/16 nomatch\n",
  "sets",
  0,
);
const { ruleset } = readRules(
  '*filter\n-A INPUT -s 203.0.113.5/32 -p tcp --dport 22 -m comment --comment "the office" -j ACCEPT\n' +
    "-A INPUT -s 203.0.113.9/32 -m comment --comment one -j ACCEPT\n-A INPUT -s 203.0.113.9/32 -m comment --comment two -j ACCEPT\n" +
    "-A INPUT -s 8.8.8.8/32 -d 9.9.9.9/32 -m comment --comment pair -j ACCEPT\nCOMMIT\n",
  "rules",
  {},
);
const named4 = addressNames(4, ownNames({ family: 4, host, sets, ruleset }));
const named6 = addressNames(6, ownNames({ family: 6, host, sets, ruleset: undefined }));
const bare = addressNames(4, []);

const addresses: readonly (readonly [Ranges, AddressNames, string])[] = [
  [networks("0.0.0.0/0"), named4, "anywhere"],
  [[], named4, "nobody"],
  [networks("::/0"), named6, "anywhere"],
  [networks("198.51.100.2 192.168.1.1"), named4, "self"],
  [networks("198.51.100.2 192.168.1.1 127.0.0.0/8"), named4, "self and loopback"],
  [networks("192.168.1.0/24"), named4, "lan0's network"],
  [networks("2001:db8:1::/64"), named6, "lan0's network"],
  [networks("203.0.113.0/28 203.0.113.77"), named4, "the set admins"],
  [networks("203.0.113.5"), named4, '203.0.113.5 "the office"'],
  [networks("203.0.113.9"), named4, "203.0.113.9"],
  [networks("8.8.8.8"), named4, "8.8.8.8"],
  [networks("10.0.0.0/8"), bare, "10.0.0.0/8 (private)"],
  [networks("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"), bare, "private addresses"],
  [networks("127.0.0.0/8"), bare, "loopback"],
  [networks("10.2.0.0/16"), bare, "10.2.0.0/16"],
  [[[0x0a000001, 0x0a000009]], bare, "10.0.0.1-10.0.0.9"],
  [networks("10.1.1.1 10.1.1.3"), bare, "10.1.1.1, 10.1.1.3"],
  [butNot("10.0.0.0/8"), bare, "anywhere but 10.0.0.0/8 (private)"],
  [butNot("10.2.0.0/16 11.0.0.1"), bare, "anywhere but 10.2.0.0/16, 11.0.0.1"],
  [butNot("198.51.100.2 192.168.1.1"), named4, "anywhere but self"],
  [
    butNot("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/4 240.0.0.0/4"),
    bare,
    "the internet",
  ],
  [networks("192.168.1.0/24 203.0.113.0/28 203.0.113.77"), named4, "lan0's network, the set admins"],
  [networks("fe80::/10"), named6, "link-local"],
];

test.each(addresses.map(([ranges, names, text]) => ({ ranges, names, text })))("$text", ({ ranges, names, text }) =>
  expect(addressText(ranges, names)).toBe(text),
);

test("what is left of a network is said by what it lacks", () => {
  const rest = intervals<Scalar>([0xc0a80100, 0xc0a80104], [0xc0a80106, 0xc0a801ff]);
  expect(addressText(rest, named4)).toBe("lan0's network but 192.168.1.5");
  expect(addressText(rest, bare)).toBe("192.168.1.0/24 but 192.168.1.5");
});

test("a name may cover addresses about which nobody asks", () => {
  const hosts = intervals<Scalar>([0xc0a80102, 0xc0a801fe]);
  const own = networks("192.168.1.0 192.168.1.1 192.168.1.255");
  expect(addressText(hosts, named4, own)).toBe("lan0's network");
  expect(addressText(hosts, named4)).not.toBe("lan0's network");
  expect(addressText(butNot("192.168.1.0/24 127.0.0.0/8"), named4, networks("127.0.0.0/8"))).toBe("anywhere but lan0's network");
});

test("many addresses are the first few and how many more", () => {
  const many = Array.from({ length: 300 }, (_, i): readonly [number, number] => [i * 7919 + 0x08080808, i * 7919 + 0x08080808]);
  expect(addressText(many, bare)).toBe("8.8.8.8, 8.8.38.247, 8.8.69.230 and 297 more");
  const rest = complement(many as unknown as IntervalSet<number>, [[0, 0xffffffff]]);
  expect(classNames([many, rest], bare)).toEqual(["8.8.8.8, 8.8.38.247, 8.8.69.230 and 297 more", "everything else"]);
  expect(addressText(rest, bare)).toBe("anywhere but 8.8.8.8, 8.8.38.247, 8.8.69.230 and 297 more");
});

test("sets with exceptions and sets of ports name no addresses", () =>
  expect(ownNames({ family: 4, host: undefined, sets, ruleset: undefined }).map(({ name }) => name)).toEqual(["the set admins"]));

const someRanges = fc
  .uniqueArray(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 2, maxLength: 40 })
  .map(values => values.toSorted((a, b) => a - b))
  .map(values =>
    intervals(...values.flatMap((low, i): (readonly [number, number])[] => (i % 2 === 0 ? [[low, (values[i + 1] ?? low + 1) - 1]] : []))),
  );

test("names are short, and different sets have different names", () => {
  fc.assert(
    fc.property(someRanges, ranges => {
      const rest = complement(ranges, [[0, 0xffffffff]]);
      fc.pre(ranges.length > 0 && rest.length > 0);
      const names = classNames([ranges, rest], named4);
      expect(new Set(names).size).toBe(2);
      for (const name of names) expect(Array.from(name).length).toBeLessThanOrEqual(90);
      expect(unionOf([ranges, rest])).toEqual(ALL_ADDRESSES[4]);
    }),
  );
});
