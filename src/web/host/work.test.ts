import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseHostFile } from "../../host/index.ts";
import { NO_DOCUMENTS, type Documents } from "../state/documents.ts";
import { planHost } from "./drawing-plan.ts";
import type { HostChange } from "./page.ts";
import { changeHost } from "./changing.ts";
import { importHost } from "./importing.ts";
import { hostPage } from "./work.ts";

const HOST = JSON.stringify({
  ferrule: "host",
  version: 1,
  interfaces: [
    { name: "wan0", mac: "02:00:00:00:00:01", addresses: ["198.51.100.2/24", { address: "2001:db8::2/64", deprecated: true }] },
    { name: "lan0", addresses: ["192.168.1.1/24"] },
  ],
  routes: [
    { to: "0.0.0.0/0", via: "198.51.100.1", dev: "wan0" },
    { to: "10.0.0.0/8", via: "192.168.1.9", dev: "lan0", metric: 5 },
  ],
  sysctls: { "net.ipv4.ip_forward": 1, "net.ipv4.icmp_echo_ignore_all": 1 },
});

const texts = (more: Partial<Documents> = {}): Documents => ({ ...NO_DOCUMENTS, host: HOST, ...more });

/** The machine after some changes, each made on what the one before left. */
function after(...changes: readonly HostChange[]): ReturnType<typeof hostPage> {
  let documents = texts();
  for (const change of changes) {
    const changed = changeHost(documents, change, 0);
    if ("fault" in changed) throw new Error(changed.fault);
    documents = texts({ host: changed.text });
  }
  return hostPage(documents, 0);
}

const faultOf = (change: HostChange): string | undefined => {
  const changed = changeHost(texts(), change, 0);
  return "fault" in changed ? changed.fault : undefined;
};

describe("the page", () => {
  it("shows a machine as it is described", () => {
    const page = hostPage(texts(), 0);
    expect(page.assumed).toBe(false);
    expect(page.interfaces.map(({ name, addresses, networks }) => [name, addresses, networks.map(each => each.name)])).toEqual([
      ["lo", ["127.0.0.1/8", "::1/128"], []],
      ["wan0", ["198.51.100.2/24", "2001:db8::2/64"], ["198.51.100.0/24", "2001:db8::/64", "everything else"]],
      ["lan0", ["192.168.1.1/24"], ["192.168.1.0/24", "10.0.0.0/8"]],
    ]);
    expect(page.routes.map(({ to, via, device, more }) => [to, via, device, more])).toEqual([
      ["0.0.0.0/0", "198.51.100.1", "wan0", ""],
      ["10.0.0.0/8", "192.168.1.9", "lan0", "metric 5"],
    ]);
    expect(page.settings.find(({ name }) => name === "net.ipv4.ip_forward")).toEqual({ name: "net.ipv4.ip_forward", value: 1, usual: 0 });
    expect(page.settings.at(-1)).toMatchObject({ name: "net.ipv4.icmp_echo_ignore_all", value: 1 });
  });
  it("shows what rules let assume where nobody describes one, and adopts it without its excuses", () => {
    const rules4 = "*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -s 10.1.0.0/16 -j ACCEPT\nCOMMIT\n";
    const bare = texts({ host: "", rules4 });
    const page = hostPage(bare, 0);
    expect(page).toMatchObject({ assumed: true });
    expect(page.interfaces.map(({ name }) => name)).toEqual(["lo", "eth0"]);
    expect(page.sentences.length).toBeGreaterThan(1);
    const adopted = changeHost(bare, { do: "adopt" }, 0);
    if ("fault" in adopted) throw new Error(adopted.fault);
    const own = hostPage(texts({ rules4, host: adopted.text }), 0);
    expect(own).toMatchObject({ assumed: false, sentences: [], interfaces: page.interfaces, routes: page.routes });
  });
  it("takes faulty text for none", () => expect(hostPage(texts({ host: "{" }), 0).assumed).toBe(true));
});

describe("changes", () => {
  it("keep what they do not speak of", () => {
    const page = after({ do: "interface", name: "wan0", field: "addresses", value: "198.51.100.7/24, 2001:db8::2/64" });
    expect(page.interfaces[1]?.addresses).toEqual(["198.51.100.7/24", "2001:db8::2/64"]);
    expect(page.text).toContain('{"address":"2001:db8::2/64","deprecated":true}');
    expect(page.text).toContain("02:00:00:00:00:01");
  });
  it("rename an interface wherever it is named", () => {
    const page = after(
      { do: "interface", name: "lan0", field: "name", value: "br0" },
      { do: "add-interface", name: "eth7" },
      { do: "interface", name: "eth7", field: "bridge", value: "br0" },
    );
    expect(page.routes[1]).toMatchObject({ device: "br0" });
    expect(page.interfaces.map(({ name, bridge }) => [name, bridge])).toEqual([
      ["lo", undefined],
      ["wan0", undefined],
      ["br0", undefined],
      ["eth7", "br0"],
    ]);
  });
  it("remove an interface with its routes", () => {
    const page = after({ do: "remove-interface", name: "wan0" });
    expect(page.interfaces.map(({ name }) => name)).toEqual(["lo", "lan0"]);
    expect(page.routes.map(({ to }) => to)).toEqual(["10.0.0.0/8"]);
  });
  it("add, alter and remove routes", () => {
    const page = after(
      { do: "add-route", to: "default", via: "2001:db8::1", device: "wan0" },
      { do: "route", index: 1, field: "via", value: "192.168.1.77" },
      { do: "remove-route", index: 0 },
    );
    expect(page.routes.map(({ to, via }) => [to, via])).toEqual([
      ["10.0.0.0/8", "192.168.1.77"],
      ["::/0", "2001:db8::1"],
    ]);
  });
  it("name the programs that listen, and forget them", () => {
    const page = after({ do: "listeners", value: "tcp/22, udp/53 tcp/631@127.0.0.1" });
    expect(page.listeners).toEqual(["tcp/22", "udp/53", "tcp/631@127.0.0.1"]);
    expect(after({ do: "listeners", value: "" }).listeners).toEqual([]);
    expect(after({ do: "listeners", value: "tcp/22" }, { do: "listeners", value: undefined }).listeners).toBeUndefined();
  });
  it("set and unset settings", () => {
    const name = "net.ipv4.conf.all.rp_filter";
    expect(after({ do: "setting", name, value: "2" }).settings.find(each => each.name === name)?.value).toBe(2);
    expect(after({ do: "setting", name: "net.ipv4.ip_forward", value: " " }).settings[0]?.value).toBeUndefined();
    expect(after({ do: "setting", name: "__proto__", value: "1" }).settings.some(each => each.name === "__proto__")).toBe(true);
  });
  const refused = (change: HostChange, fault: RegExp): void =>
    it(`refuses ${JSON.stringify(change)}`, () => expect(faultOf(change)).toMatch(fault));
  refused({ do: "interface", name: "wan0", field: "addresses", value: "198.51.100.300/24" }, /address/);
  refused({ do: "interface", name: "wan0", field: "name", value: "lan0" }, /there is an interface lan0 already/);
  refused({ do: "interface", name: "wan0", field: "mtu", value: "big" }, /MTU is a number/);
  refused({ do: "interface", name: "gone0", field: "up", value: "false" }, /no such interface/);
  refused({ do: "add-interface", name: "with blank" }, /1 to 15 characters/);
  refused({ do: "add-route", to: "10.0.0.0/33", via: "", device: "lan0" }, /network/);
  refused({ do: "add-route", to: "10.0.0.0/8", via: "", device: "eth9" }, /no interface eth9/);
  refused({ do: "route", index: 0, field: "via", value: "2001:db8::1" }, /family/);
  refused({ do: "setting", name: "net.ipv4.icmp_echo_ignore_all", value: "yes" }, /is a whole number/);
  refused({ do: "listeners", value: "tcp/22 ssh" }, /ssh is no port/);
  refused({ do: "listeners", value: "tcp/66000" }, /./);
  refused({ do: "route", index: 9, field: "via", value: "192.0.2.1" }, /no such route/);
});

describe("imports", () => {
  const captured = (name: string): string => readFileSync(`src/host/captured/${name}`, "utf8");
  const imported = (given: string, documents = texts()): Extract<ReturnType<typeof importHost>, { taken: string }> => {
    const answer = importHost(documents, given, 0);
    if ("fault" in answer) throw new Error(answer.fault);
    return answer;
  };
  it("interfaces replace interfaces, and routes by those that are gone", () => {
    const { host = "", taken } = imported(captured("addr.json"));
    const page = hostPage(texts({ host }), 0);
    expect(taken).toMatch(/^\d+ interfaces$/);
    expect(page.interfaces.map(({ name }) => name)).not.toContain("wan0");
    expect(page.routes).toEqual([]);
    expect(page.settings[0]?.value).toBe(1);
  });
  it("everything at once is the same machine as the command makes of it", () => {
    const all = ["addr.json", "route4.json", "route6.json", "rule4.json", "rule6.json"].map(captured).join("\n");
    const { host = "", taken } = imported(all, texts({ host: "" }));
    expect(taken).toMatch(/interfaces, \d+ routes, \d+ routing rules/);
    const read = parseHostFile({ file: "all", text: all }).value;
    const made = parseHostFile({ file: "host", text: host }).value;
    expect(made && { ...made, sysctls: 0, assumed: 0 }).toEqual(read && { ...read, sysctls: 0, assumed: 0 });
  });
  it("settings are added", () => {
    const { host = "" } = imported("net.ipv4.ip_forward = 0\nkernel.hostname = x\nnet.ipv4.conf.all.rp_filter = 2\n");
    const { settings } = hostPage(texts({ host }), 0);
    expect([settings[0]?.value, settings[2]?.value]).toEqual([0, 2]);
  });
  it("sets become the text of the sets", () =>
    expect(imported("create blocked hash:ip family inet\nadd blocked 192.0.2.1\n")).toMatchObject({ host: undefined, taken: "1 set" }));
  it("a host file replaces the machine", () => expect(imported(HOST, texts({ host: "" })).taken).toBe("the whole machine"));
  const refused = (given: string, line: number, fault: RegExp): void =>
    it(`refuses ${JSON.stringify(given)}`, () => {
      const answer = importHost(texts(), given, 0);
      expect(answer).toMatchObject({ line });
      expect("fault" in answer && answer.fault).toMatch(fault);
    });
  refused("", 1, /nothing to read/);
  refused("hello\n", 1, /NAME = VALUE/);
  refused('[{"ifname":"eth0",\n"mtu": oops}]', 2, /./);
  refused("[]", 1, /no interface, route or rule/);
  refused("create x hash:nonsense\n", 1, /./);
});

describe("the drawing", () => {
  it("has room for everything, nothing over anything else", () => {
    for (const width of [320, 720]) {
      const { interfaces, height } = planHost(hostPage(texts(), 0).interfaces, width);
      expect(interfaces.map(({ from }) => from.name)).toEqual(["wan0", "lan0"]);
      const columns = [interfaces.map(({ box }) => box), interfaces.flatMap(({ networks }) => networks.map(({ box }) => box))];
      for (const boxes of columns)
        for (const [index, box] of boxes.entries()) {
          expect(box.x + box.width).toBeLessThanOrEqual(width);
          expect(box.y + box.height).toBeLessThanOrEqual(height);
          const next = boxes[index + 1];
          if (next) expect(box.y + box.height).toBeLessThanOrEqual(next.y);
        }
    }
  });
});
