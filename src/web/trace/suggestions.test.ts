import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { NO_DOCUMENTS, type Documents } from "../state/documents.ts";
import { readFirewall } from "../work/firewall.ts";
import { adviceOf } from "./suggestions.ts";
import { traceText } from "./work.ts";

const CHANCE = { now: 1_700_000_000_000_000, random: () => 4 };
const texts = (more: Partial<Documents>): Documents => ({ ...NO_DOCUMENTS, ...more });

/** Everything that is suggested can be asked. */
function checkAll(documents: Documents): number {
  const { suggestions } = adviceOf(readFirewall(documents, CHANCE.now));
  for (const { text } of suggestions)
    expect([text, traceText(documents, text, CHANCE)]).toEqual([text, expect.objectContaining({ traced: expect.anything() as unknown })]);
  return suggestions.length;
}

describe("suggestions", () => {
  it("ask for the services that rules open, where they open them", () => {
    const rules4 = `*filter
:INPUT DROP [0:0]
:in - [0:0]
-A INPUT -j in
-A INPUT -i lan0 -s 10.1.0.0/16 -p tcp --dport 22 -j ACCEPT
-A in -p udp --dport 53 -j ACCEPT
-A in -i wan0 -p tcp -m multiport --dports 443,8443 -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:published - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j published
-A published -i wan0 -p tcp --dport 80 -j DNAT --to-destination 10.1.0.10
-A POSTROUTING -o wan0 -j MASQUERADE
COMMIT
`;
    const { suggestions, interfaces } = adviceOf(readFirewall(texts({ rules4 }), 0));
    expect(interfaces).toEqual(["lo", "wan0", "lan0"]);
    expect(suggestions.slice(0, 4).map(({ title }) => title)).toEqual([
      "ssh from lan0",
      "domain from outside",
      "https from outside",
      "http from outside, translated",
    ]);
    expect(suggestions[0]?.text).toBe("session tcp 10.1.0.10 > 192.0.2.2:22 in lan0");
    checkAll(texts({ rules4 }));
  });
  it("are made of no rules at all, and of IPv6 ones", () => {
    expect(checkAll(texts({}))).toBe(0);
    expect(checkAll(texts({ rules6: "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n" }))).toBeGreaterThan(2);
  });
  it("survive hostile names", () => {
    const rules4 =
      "*filter\n:INPUT DROP [0:0]\n:__proto__ - [0:0]\n-A INPUT -j __proto__\n-A __proto__ -i <b>x -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";
    expect(checkAll(texts({ rules4 }))).toBeGreaterThan(2);
  });
});

const CORPUS = "../shared/corpus/fffuu";
describe.runIf(existsSync(CORPUS))("real rulesets", () => {
  const files = existsSync(CORPUS) ? readdirSync(CORPUS).filter(name => name.endsWith(".rules") && !name.startsWith("tum")) : [];
  it.each(files.slice(0, 12))("%s", name => {
    checkAll(texts({ rules4: readFileSync(join(CORPUS, name), "utf8") }));
  });
});
if (!existsSync(CORPUS)) console.log(`skipped: ${CORPUS} is not there`);
