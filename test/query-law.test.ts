import fc from "fast-check";
import { expect, test } from "vitest";
import { confirm } from "../src/analysis/confirm/index.ts";
import { ask, isQuestionFault, readQuestion, type QueryAnswer, type QueryStand } from "../src/analysis/query/index.ts";
import { readRules } from "../src/syntax/index.ts";
import type { Path, Witness } from "../src/analysis/witness.ts";

const ADDRESSES = ["10.0.0.1", "10.0.1.9", "10.1.0.1", "192.0.2.7", "203.0.113.5"];
const NETWORKS = ["10.0.0.0/24", "10.0.0.0/8", "192.0.2.0/25", "203.0.113.5/32", "0.0.0.0/1"];
const PORTS = [22, 53, 80, 1023, 1024, 40000];
const INTERFACES = ["eth0", "eth1"];

const maybe = (options: readonly string[]): fc.Arbitrary<string> => fc.constantFrom("", "", ...options);
const match = fc
  .tuple(
    maybe(NETWORKS.flatMap(network => [`-s ${network}`, `! -s ${network}`])),
    maybe(NETWORKS.map(network => `-d ${network}`)),
    fc.oneof(
      maybe(["-p tcp", "-p udp", "-p icmp", "! -p tcp"]),
      fc
        .tuple(
          fc.constantFrom("tcp", "udp"),
          fc.constantFrom("--dport 22", "--dport 53:1023", "--sport 1024:", "! --dport 80", "--sport 53"),
        )
        .map(([protocol, port]) => `-p ${protocol} -m ${protocol} ${port}`),
      fc.constantFrom("-p tcp -m tcp --syn", "-p tcp -m tcp ! --syn", "-p icmp -m icmp --icmp-type 8", "-p icmp -m icmp --icmp-type 0"),
    ),
    maybe([
      "-m conntrack --ctstate NEW",
      "-m conntrack --ctstate ESTABLISHED,RELATED",
      "-m conntrack ! --ctstate INVALID",
      "-m conntrack --ctdir REPLY",
      "-m conntrack --ctorigdstport 22",
    ]),
    maybe(["-m mark --mark 1", "-m conntrack --ctstate DNAT"]),
  )
  .map(parts => parts.filter(part => part !== "").join(" "));
const target = fc.constantFrom("ACCEPT", "ACCEPT", "DROP", "REJECT", "c1", "c2", "RETURN", "LOG");
const interfacesFor = (chain: string): fc.Arbitrary<string> =>
  fc
    .tuple(maybe(chain === "OUTPUT" ? [] : ["-i eth0", "! -i eth1"]), maybe(chain === "INPUT" ? [] : ["-o eth0", "-o eth1"]))
    .map(each => each.join(" "));
const ruleOf = (chain: string, targets: fc.Arbitrary<string> = target): fc.Arbitrary<string> =>
  fc
    .tuple(interfacesFor(chain === "c1" || chain === "c2" ? "INPUT" : chain), match, targets)
    .map(([interfaces, words, jump]) => `-A ${chain} ${chain.startsWith("c") ? "" : interfaces} ${words} -j ${jump}`);
const policy = fc.constantFrom("ACCEPT", "DROP");
const ruleset = fc
  .tuple(
    fc.tuple(policy, policy, policy),
    fc.array(fc.oneof(ruleOf("INPUT"), ruleOf("OUTPUT"), ruleOf("FORWARD")), { minLength: 1, maxLength: 10 }),
    fc.array(ruleOf("c1", fc.constantFrom("ACCEPT", "DROP", "RETURN", "c2")), { maxLength: 3 }),
    fc.array(ruleOf("c2", fc.constantFrom("ACCEPT", "DROP", "RETURN")), { maxLength: 3 }),
    fc.array(
      fc.constantFrom(
        "-A PREROUTING -p tcp --dport 80 -j MARK --set-mark 1",
        "-A OUTPUT -d 10.0.0.0/8 -j MARK --set-mark 1",
        "-A PREROUTING -s 10.1.0.0/16 -j DROP",
      ),
      { maxLength: 2 },
    ),
    fc.array(
      fc.constantFrom(
        "-A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.16.0.9:22",
        "-A POSTROUTING -o eth0 -j MASQUERADE",
        "-A PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 1023",
      ),
      { maxLength: 2 },
    ),
  )
  .map(([[input, forward, output], rules, one, two, mangle, nat]) =>
    [
      "*mangle\n:PREROUTING ACCEPT\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT",
      ...mangle,
      "COMMIT\n*nat\n:PREROUTING ACCEPT\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT",
      ...nat,
      `COMMIT\n*filter\n:INPUT ${input}\n:FORWARD ${forward}\n:OUTPUT ${output}\n:c1 -\n:c2 -`,
      ...rules,
      ...one,
      ...two,
      "COMMIT\n",
    ].join("\n"),
  );

const session = fc
  .tuple(
    fc.constantFrom<Path>("in", "out", "forward"),
    fc.constantFrom("tcp", "udp", "icmp"),
    fc.constantFrom(...ADDRESSES),
    fc.constantFrom(...ADDRESSES),
    fc.constantFrom(...PORTS),
    fc.constantFrom(...PORTS),
    fc.constantFrom(...INTERFACES),
    fc.constantFrom(...INTERFACES),
  )
  .filter(([path, , from, to, , , input, output]) => from !== to && (path !== "forward" || input !== output));

function standOf(text: string): QueryStand {
  const { ruleset: rules, faults } = readRules(text, "r", { family: 4 });
  if (rules === undefined || faults.length > 0) throw new Error(`${JSON.stringify(faults)}\n${text}`);
  return { v4: rules };
}

function answered(text: string, stand: QueryStand): QueryAnswer {
  const question = readQuestion(text);
  if (isQuestionFault(question)) throw new Error(`${text}: ${question.message}`);
  const answer = ask(question, stand);
  if (isQuestionFault(answer)) throw new Error(`${text}: ${answer.message}`);
  return answer;
}

/** Which address an unknown machine has on its interface is no condition that a witness could ask for. */
const isChoice = (condition: string): boolean => condition.startsWith("which address");

function isTwin(packet: string): boolean {
  const [, source, , destination] = packet.split(" ");
  return source?.split(":")[0] === destination?.split(":")[0];
}

test("what is answered about one session is what the engine does with it", () => {
  const counts = { yes: 0, no: 0, depends: 0 };
  fc.assert(
    fc.property(ruleset, fc.array(session, { minLength: 1, maxLength: 4 }), (text, sessions) => {
      const stand = standOf(text);
      for (const [path, protocol, from, to, sport, dport, input, output] of sessions) {
        const ports = protocol === "icmp" ? ["", ""] : [` port ${sport}`, ` ${dport}`];
        const wires = `${path === "out" ? "" : ` in ${input}`}${path === "in" ? "" : ` out ${output}`}`;
        const question = `from ${from}${ports[0]} to ${to} ${protocol === "icmp" ? "ping" : protocol}${ports[1]}${wires}`;
        const answer = answered(question, stand);
        // Programs may mark what they send: those of a witness do not.
        if (answer.depends.some(isChoice) || answer.parts.some(({ which }) => which.some(phrase => phrase.includes("mark")))) continue;
        const own = answer.parts.filter(part => part.path === path);
        const [source, destination] = protocol === "icmp" ? [from, to] : [`${from}:${sport}`, `${to}:${dport}`];
        const packet = `${protocol} ${source} > ${destination}${protocol === "icmp" ? " echo-request" : protocol === "tcp" ? " syn" : ""}${wires}`;
        const shown = (claim: Witness["claim"]): boolean =>
          confirm({ family: 4, path, packet, about: "session", claim, depends: [] }, stand).confirmed;
        const fate = (["usable", "half-open", "refused"] as const).find(shown);
        const wanted = own.map(part => (part.fate === "dropped" || part.fate === "rejected" ? "refused" : part.fate));
        counts[answer.verdict]++;
        // A translated session may take another path in the engine, which has to choose one; of those it has none of these fates.
        if (fate !== undefined && own.length > 0) expect({ text, question, fates: wanted }).toEqual({ text, question, fates: [fate] });
      }
    }),
    { numRuns: 60 },
  );
  expect(Math.min(counts.yes, counts.no)).toBeGreaterThan(5);
});

test("what is answered about many sessions holds for each of them, and the engine shows every part", () => {
  const questions = fc.constantFrom(
    "from 10.0.0.0/8 to any tcp",
    "from any to any",
    "from 192.0.2.0/24,203.0.113.5 to ! 10.0.0.0/8 tcp,udp 22-1023",
    "from any port 53 to any udp",
    "from any to self",
    "from self to any ping",
  );
  let parts = 0;
  fc.assert(
    fc.property(ruleset, questions, (text, question) => {
      const stand = standOf(text);
      const { verdict, parts: shown, because } = answered(question, stand);
      for (const part of shown) {
        if (!part.certainty.sure && part.certainty.depends.some(isChoice)) continue;
        // Of a class that is one machine at both ends no wire has a packet.
        if (part.witness !== undefined && isTwin(part.witness.packet)) continue;
        parts++;
        if (part.confirmation?.confirmed !== true)
          throw new Error(
            `${text}\n${question}: ${part.fate} ${part.path} ${part.which.join()} ${part.witness?.packet}: ${part.confirmation?.reason}`,
          );
      }
      const can = shown.filter(({ fate }) => fate === "usable").length;
      expect(verdict === "no", because).toBe(can === 0);
    }),
    { numRuns: 40 },
  );
  expect(parts).toBeGreaterThan(40);
});
