import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mask4, mask6 } from "../packet/index.ts";
import {
  hostFromCapture,
  LOOPBACK,
  parseHostFile,
  printHost,
  summarizeHost,
  type Host,
  type Interface,
  type Listener,
  type PolicyRule,
  type Route,
} from "./index.ts";
import { parseJsonTexts } from "./json-text.ts";

const captured = (name: string): string => readFileSync(new URL(`./captured/${name}`, import.meta.url), "utf8");
const read = (text: string): ReturnType<typeof parseHostFile> => parseHostFile({ file: "h.json", text });

describe("a host file", () => {
  test("short forms stand for the usual", () => {
    const { value, faults } = read(`{
      "ferrule": "host", "version": 1,
      "interfaces": [{"name": "eth0", "addresses": ["192.0.2.1/24", "2001:db8::1/64"]}, {"name": "eth1", "bridge": "br0"}],
      "routes": [{"to": "default", "via": "192.0.2.254", "dev": "eth0"}, {"to": "default", "via": "2001:db8::ffff"}],
      "rules": [{"priority": 9, "fwmark": "1", "table": 100}],
      "sysctls": {"net/ipv4/ip_forward": 1},
      "listeners": [{"protocol": "tcp", "port": 22}]
    }`);
    expect(faults).toEqual([]);
    expect(value?.interfaces).toEqual([
      LOOPBACK,
      {
        name: "eth0",
        link: "ethernet",
        up: true,
        mtu: 1500,
        addresses: [
          { family: 4, address: 0xc0000201, prefixLength: 24 },
          { family: 6, address: (0x20010db8n << 96n) + 1n, prefixLength: 64 },
        ],
      },
      { name: "eth1", link: "ethernet", up: true, mtu: 1500, bridge: "br0", addresses: [] },
    ]);
    expect(value?.routes.map(({ family, prefixLength, metric }) => [family, prefixLength, metric])).toEqual([
      [4, 0, 0],
      [6, 0, 1024],
    ]);
    expect(value?.rules).toEqual([{ family: 4, priority: 9, mark: { value: 1, mask: 0xffffffff }, action: "table", table: 100 }]);
    expect(value?.sysctls).toEqual(new Map([["net.ipv4.ip_forward", 1]]));
    expect(value?.listeners).toEqual([{ protocol: "tcp", port: 22 }]);
  });

  test("what `ip -j` prints, one after the other, is a host too", () => {
    const parts = ["addr-details.json", "route4.json", "route6.json", "rule4.json", "rule6.json"].map(captured);
    const { value } = hostFromCapture({
      addresses: parts[0] ?? "",
      routes4: parts[1] ?? "",
      routes6: parts[2] ?? "",
      rules4: parts[3] ?? "",
      rules6: parts[4] ?? "",
    });
    expect(read(parts.join("\n")).value).toEqual(value);
  });

  test("IPv6 rules without addresses are known by their lack of the table default", () => {
    const rules4 = '[{"priority":0,"src":"all","table":"local"},{"priority":32767,"src":"all","table":"default"}]';
    const rules6 = '[{"priority":0,"src":"all","table":"local"}]';
    expect(read(rules4 + rules6).value?.rules.map(rule => rule.family)).toEqual([4, 4, 6]);
  });

  const HEAD = '{"ferrule":"host","version":1';
  const faults: readonly (readonly [text: string, place: string, message: RegExp])[] = [
    ["", "1:1", /the file is empty/],
    ["[1, 2", "1:6", /expected a comma or the end of the list/],
    ["{} x", "1:4", /no JSON value starts with "x"/],
    ["nope", "1:1", /no JSON value/],
    ["5", "1:1", /expected a host as/],
    ["{}", "1:1", /expected "ferrule": "host"/],
    ['{"ferrule":"pet"}', "1:12", /expected "ferrule": "host"/],
    ['{"ferrule":"host"}', "1:1", /"version": 1/],
    ['{"ferrule":"host","version":2}', "1:29", /"version": 1/],
    [`${HEAD},"interface":[]}`, "1:31", /unknown key "interface"; known are interfaces|unknown key "interface"; known are/],
    [`${HEAD},"interfaces":{}}`, "1:44", /expected a list, found an object/],
    [`${HEAD},\n"interfaces":[{"name":"a"},{"name":"a"}]}`, "2:14", /a stands here twice/],
    [`${HEAD},"interfaces":[{"name":""}]}`, "1:45", /needs a name/],
    [`${HEAD},"interfaces":[{"name":"a","mac":"xx"}]}`, "1:63", /"xx" is not a hardware address/],
    [`${HEAD},"interfaces":[{"name":"a","addresses":["10.0.0.1/33"]}]}`, "1:70", /is not an address with a prefix length/],
    [`${HEAD},"routes":[{"via":"10.0.0.1"}]}`, "1:41", /a route needs "to"/],
    [`${HEAD},"routes":[{"to":"10.0.0.0/8","via":"::1"}]}`, "1:66", /another family/],
    [`${HEAD},"rules":[{"priority":1,"fwmark":"x"}]}`, "1:63", /is not a mark/],
    [`${HEAD},"rules":[{"table":1}]}`, "1:40", /needs a priority/],
    [`${HEAD},"sysctls":{"net.ipv4.ip_forward":true}}`, "1:64", /whole number/],
    [`${HEAD},"listeners":[{"port":22}]}`, "1:44", /needs a protocol and a port/],
    [`${HEAD},"complete":1}`, "1:42", /expected true or false/],
    [`{"ferrule":"host","ferrule":"host"}`, "1:19", /stands here twice/],
    ["[".repeat(100), "1:66", /nested deeper/],
    ['"a', "1:1", /not closed/],
  ];
  for (const [text, place, message] of faults)
    test(`${text.slice(0, 70)} is refused`, () => {
      const { value, faults: found } = read(text);
      expect(value).toBeUndefined();
      expect(found[0]?.message).toMatch(message);
      expect(`${found[0]?.line}:${found[0]?.column}`).toBe(place);
    });

  test("hostile names are ordinary names, and do not reach a terminal raw", () => {
    const { value } = read(`${HEAD},"interfaces":[{"name":"__proto__"},{"name":"\\u001b[31m\\u202e"}],"sysctls":{"__proto__":1}}`);
    expect(value?.interfaces.map(each => each.name)).toEqual(["lo", "__proto__", "\u001b[31m\u202e"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(value && summarizeHost(value)).not.toMatch(/[\u001b\u202e]/);
  });

  test("many faults are told up to a limit", () => {
    const { faults: found } = read(`${HEAD},"interfaces":[${Array.from({ length: 1000 }, () => "1").join(",")}]}`);
    expect(found.length).toBe(20);
  });
});

describe("laws", () => {
  const address4 = fc.integer({ min: 0, max: 0xffffffff });
  const address6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
  const prefix4 = fc
    .tuple(address4, fc.integer({ min: 0, max: 32 }))
    .map(([address, prefixLength]) => ({ address: (address & mask4(prefixLength)) >>> 0, prefixLength }));
  const prefix6 = fc
    .tuple(address6, fc.integer({ min: 0, max: 128 }))
    .map(([address, prefixLength]) => ({ address: address & mask6(prefixLength), prefixLength }));
  const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
  const defined = <T extends object>(value: T): T =>
    Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
  const own4 = fc.record({
    family: fc.constant(4 as const),
    address: address4,
    prefixLength: fc.integer({ min: 0, max: 32 }),
    broadcast: some(address4),
    peer: some(address4),
    secondary: some(fc.constant(true)),
  });
  const own6 = fc.record({
    family: fc.constant(6 as const),
    address: address6,
    prefixLength: fc.integer({ min: 0, max: 128 }),
    scope: some(fc.constantFrom("global", "link")),
  });
  const device = fc.record({
    name: fc.string({ minLength: 1, maxLength: 15 }),
    link: fc.constantFrom("ethernet", "none"),
    mac: some(fc.integer({ min: 0, max: 2 ** 48 - 1 })),
    up: fc.boolean(),
    mtu: fc.integer({ min: 68, max: 65536 }),
    bridge: some(fc.string({ minLength: 1 })),
    group: some(fc.nat(0xffffffff)),
    addresses: fc.array(fc.oneof(own4, own6).map(defined), { maxLength: 3 }),
  });
  const route = fc.oneof(
    prefix4.chain(({ address, prefixLength }) =>
      fc.record({
        family: fc.constant(4 as const),
        destination: fc.constant(address),
        prefixLength: fc.constant(prefixLength),
        gateway: some(address4),
        source: some(address4),
        table: fc.nat(300),
        type: fc.constantFrom("unicast", "local", "throw"),
        metric: fc.nat(),
        device: some(fc.string()),
        mtu: some(fc.nat(65535)),
        realm: some(fc.nat(0xffffffff)),
      }),
    ),
    prefix6.chain(({ address, prefixLength }) =>
      fc.record({
        family: fc.constant(6 as const),
        destination: fc.constant(address),
        prefixLength: fc.constant(prefixLength),
        gateway: some(address6),
        source: some(address6),
        table: fc.nat(300),
        type: fc.constantFrom("unicast", "blackhole"),
        metric: fc.nat(),
        scope: some(fc.constantFrom("global", "host")),
      }),
    ),
  );
  const rule = fc.record({
    family: fc.constant(4 as const),
    priority: fc.nat(),
    invert: some(fc.constant(true)),
    from: some(prefix4),
    to: some(prefix4),
    mark: some(fc.record({ value: address4, mask: address4 })),
    iif: some(fc.string()),
    tos: some(fc.nat(255)),
    action: fc.constant("table" as const),
    table: fc.nat(300),
    suppressPrefixLength: some(fc.nat(32)),
    realm: some(fc.nat(0xffffffff)),
  });

  const listener = fc.record({
    protocol: fc.constantFrom("tcp", "udp"),
    port: fc.nat(65535),
    address: some(fc.oneof<fc.Arbitrary<number | bigint>[]>(address4, address6)),
    silent: some(fc.constant(true)),
    transparent: some(fc.constant(true)),
    mark: some(fc.nat(0xffffffff)),
  });

  test("a printed host reads back to the same host", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(device, { selector: each => each.name, maxLength: 4 }),
        fc.array(route, { maxLength: 4 }),
        fc.array(rule, { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^net\.[a-z_.]{1,20}$/), fc.nat()),
        some(fc.constant(false)),
        some(fc.array(listener, { maxLength: 3 })),
        (interfaces, routes, rules, sysctls, deriveRoutes, listeners) => {
          const host: Host = defined({
            interfaces: [LOOPBACK, ...interfaces.filter(({ name }) => name !== "lo").map(each => defined(each) as Interface)],
            routes: routes.map(each => defined(each) as Route),
            rules: rules.map(each => defined(each) as PolicyRule),
            sysctls: new Map(Object.entries(sysctls)),
            deriveRoutes,
            listeners: listeners?.map(each => defined(each) as Listener),
            assumed: [],
          }) as Host;
          expect(read(printHost(host))).toEqual({ value: host, faults: [] });
        },
      ),
    );
  });

  test("JSON is read as JSON.parse reads it, at the same places", () => {
    fc.assert(
      fc.property(fc.json(), text => {
        const nodes = parseJsonTexts(text);
        if ("message" in nodes) throw new Error(nodes.message);
        expect(nodes).toHaveLength(1);
        expect(JSON.parse(text.slice(nodes[0]?.start, nodes[0]?.end))).toEqual(JSON.parse(text));
      }),
    );
  });

  test("any text is read or refused, never thrown at", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map(text => `{"ferrule":"host","version":1,${text}`),
        ),
        text => {
          const { value, faults } = read(text);
          expect(value === undefined).toBe(faults.length > 0);
          for (const fault of faults) expect(fault.endColumn).toBeGreaterThan(fault.column);
        },
      ),
    );
  });
});
