/** `npm run kernel:witness`: openers of witnesses, drawn from random rulesets on the machine of topology.ts, sent through the real kernel, which must do as they claim. */
import { parseArgs } from "node:util";
import { familyModel, PATHS, possibleOn, sessionsThat, witnessOf, type Witness } from "../../src/analysis/index.ts";
import { ordinaryOpener } from "../../src/engine/index.ts";
import { isNotationFault, parseMac, parseNotation, specToBytes, type PacketSpec } from "../../src/packet/index.ts";
import { readSave } from "../../src/syntax/index.ts";
import { seededRandom } from "./generate/random.ts";
import { generateRuleset, rulesetText } from "./generate/ruleset.ts";
import { machineHost } from "./host.ts";
import { KernelReferee } from "./kernel-referee.ts";
import { narrowRules } from "./narrow-rules.ts";
import { inNamespace, reenter, whyNot } from "./namespace.ts";
import type { Outcome } from "./referee.ts";
import { INTERFACES } from "./topology.ts";

const { values } = parseArgs({
  options: { family: { type: "string" }, seed: { type: "string", default: "1" }, rulesets: { type: "string", default: "20" } },
});

/** Targets that hand packets to programs, which this machine has not, or copy them. */
const PROXIES: ReadonlySet<string> = new Set(["TPROXY", "SYNPROXY", "TEE"]);
/** Kinds of sessions whose openers are ordinary packets. */
const KINDS: ReadonlySet<string> = new Set(["tcp", "udp", "ping"]);
const CLAIMS = ["usable", "half-open", "refused"] as const;

process.exitCode = main();

function main(): number {
  if (inNamespace()) return runFamily(values.family === "6" ? 6 : 4);
  const reason = whyNot();
  if (reason !== undefined) {
    process.stdout.write(`witnesses in the kernel skipped: ${reason}\n`);
    return 2;
  }
  const families = values.family === undefined ? ["4", "6"] : [values.family];
  return Math.max(...families.map(family => reenter(["--family", family])));
}

function runFamily(family: 4 | 6): number {
  const kernel = new KernelReferee(family, "silent");
  const host = machineHost(family, "silent", false);
  let [rulesets, shown, wrong, unsure] = [0, 0, 0, 0];
  for (let seed = Number(values.seed); rulesets < Number(values.rulesets); seed++) {
    const random = seededRandom(seed);
    const text = narrowRules(rulesetText(generateRuleset(random, family, "plain", PROXIES)), random, family);
    const { ruleset } = readSave(text, "rules", { family });
    if (ruleset === undefined || kernel.load(text) !== undefined) continue;
    rulesets++;
    const model = familyModel(family, [{ [family === 4 ? "v4" : "v6"]: ruleset, host }]);
    for (const witness of witnesses(model)) {
      const spec = parseNotation(witness.packet);
      if (witness.depends.length > 0 || isNotationFault(spec) || !fromNeighbour(spec) || !ordinary(spec)) {
        unsure++;
        continue;
      }
      kernel.load(text);
      const passed = passes(witness, spec, send(kernel, witness, ordinaryOpener(spec)));
      if (passed === undefined) {
        unsure++;
        continue;
      }
      shown++;
      if (passed === (witness.claim !== "refused")) continue;
      wrong++;
      process.stdout.write(
        `\n=== seed ${seed}: ${witness.path} ${witness.packet}: claimed ${witness.claim} ${witness.role ?? ""} ===\n${text}\n`,
      );
    }
  }
  process.stdout.write(
    `IPv${family}: ${rulesets} rulesets, ${shown} witnesses in the kernel, ${wrong} not as claimed; ${unsure} hang on conditions or on what the referee cannot set, or one answer would look like the packet\n`,
  );
  return wrong === 0 ? 0 : 1;
}

function* witnesses(model: ReturnType<typeof familyModel>): Generator<Witness> {
  const [sessions] = model.sessions;
  if (sessions === undefined) return;
  for (const path of PATHS)
    for (const { kind, diagram } of sessions.on(path)) {
      if (!KINDS.has(kind.name)) continue;
      for (const claim of CLAIMS) {
        const set = model.space.diagrams.and(
          possibleOn(model, path),
          sessionsThat(model, sessions, diagram, end => end.end === claim),
        );
        const witness = witnessOf(model.space, set, { path, about: "session", claim, kind });
        if (witness !== undefined) yield witness;
      }
    }
}

/** Frames come from one neighbour on each interface only. */
function fromNeighbour({ in: input, mac }: PacketSpec): boolean {
  const peer = INTERFACES.find(({ name }) => name === input)?.peerMac;
  return mac === undefined || (peer !== undefined && mac === parseMac(peer));
}

/** The referee sends from no control group of its own and on whichever processor; its interfaces are in no group. */
function ordinary({ cgroup, cpu, inGroup, outGroup }: PacketSpec): boolean {
  return cpu === undefined && [cgroup, inGroup, outGroup].every(group => group === undefined || group === 0);
}

function send(kernel: KernelReferee, { path }: Witness, spec: PacketSpec): Outcome {
  const bytes = specToBytes(spec);
  const note = "opener";
  return path === "in" || path === "forward"
    ? kernel.step({ do: "inject", device: spec.in ?? "", bytes, note })
    : kernel.step({ do: "send", bytes, note, uid: spec.uid ?? 1000, gid: spec.gid ?? 1000, mark: spec.mark ?? 0 });
}

/** Did the opener get through? Undefined where an answer to it would look the same. */
function passes({ path }: Witness, spec: PacketSpec, { delivered, emitted }: Outcome): boolean | undefined {
  if (path === "in") return delivered.length > 0;
  if (path === "local") return undefined;
  if (path === "forward" && (spec.out === undefined || spec.in === spec.out)) return undefined;
  // Where NAT may send it by another interface than the one that it sets out for, it names none.
  return emitted.some(({ device }) => (spec.out === undefined ? device !== "lo" : device === spec.out));
}
