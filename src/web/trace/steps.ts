import type { TraceEvent } from "../../engine/index.ts";
import { expectationText, packetText, printable, rewriteText, routeText, ruleWords, trackingText, whyNot } from "../../report/index.ts";
import type { Rule } from "../../ruleset/index.ts";
import { CT_STATE, type Family } from "../../predicate/index.ts";
import { chainKey, type Amount } from "../state/hits.ts";
import type { TraceStep } from "../state/traced.ts";
import { FROM, VERDICTS, VERDICT_WORDS } from "./step-words.ts";
import { again, begin, isPlace, placed, type Draft, type Told } from "./told.ts";

type Event<Name extends TraceEvent["event"]> = Extract<TraceEvent, { event: Name }>;

/** More steps than these of one question are not told: rules can lead a packet to millions. */
const STEPS_MAX = 60_000;

/** Turns what the engine tells of packets into the steps of the page, and counts what rules saw. */
export class StepRecorder {
  readonly steps: TraceStep[] = [];
  readonly lines: Readonly<Record<Family, Map<number, Amount>>> = { 4: new Map(), 6: new Map() };
  readonly policies: Map<string, Amount> = new Map();
  private readonly words = new Map<Rule, string>();

  /** All steps of one packet. `packet` is its index; `mark` the one that it came with. */
  record(packet: number, events: readonly TraceEvent[], mark: number | undefined): void {
    const waiting: Told[] = [];
    let told: Told | undefined;
    for (const event of events) {
      if (event.event === "packet") {
        // One that comes in again, over loopback, is the same packet.
        told =
          told && event.from !== "kernel" && waiting.length === 0 ? again(told, event) : begin(event.bytes, told?.beside, event.in, mark);
      } else if (event.event === "answer" || event.event === "copy") {
        if (told) {
          this.put(packet, told, event.event, {
            text: `${event.event === "answer" ? `the kernel answers (${event.kind})` : "a copy is made"}: ${packetText(event.bytes)}`,
          });
          waiting.push(told);
        }
        told = begin(event.bytes, event.event, "", undefined);
        continue;
      }
      told ??= begin(new Uint8Array(), undefined, "", mark);
      // The verdict of the rule that answered comes after its answer.
      const owner = event.event === "verdict" ? ([told, ...waiting].find(each => isPlace(each.rule, event.place)) ?? told) : told;
      this.tell(packet, owner, event);
      if (told.beside !== undefined && (event.event === "emitted" || event.event === "dropped" || event.event === "delivered"))
        told = waiting.pop() ?? told;
    }
  }

  private tell(packet: number, told: Told, event: TraceEvent): void {
    const { fields } = told;
    switch (event.event) {
      case "packet":
        this.put(packet, told, "packet", { text: FROM[event.from](printable(event.in)) });
        break;
      case "hook":
        told.hook = event.hook;
        told.table = told.chain = told.rule = undefined;
        fields.set("iif", event.in === "" ? undefined : event.in);
        fields.set("oif", event.out === "" ? undefined : event.out);
        this.put(packet, told, "hook", { text: `enters ${event.hook}` });
        break;
      case "table":
        told.table = event.table;
        told.chain = event.hook;
        told.rule = undefined;
        break;
      case "rule":
        this.rule(packet, told, event);
        break;
      case "jump":
        told.chain = event.chain;
        if (told.rule) told.rule.text = `matches: ${event.goto ? "goes on in" : "goes to"} ${printable(event.chain)}`;
        break;
      case "return":
        this.returns(packet, told, event);
        break;
      case "policy": {
        const { family, table, chain } = event.place;
        told.table = table;
        told.chain = chain;
        count(this.policies, chainKey(family, table, chain), fields.length);
        const drops = event.verdict === "DROP";
        this.put(packet, told, "policy", {
          number: 0,
          verdict: drops ? "drop" : "accept",
          text: `the policy of ${chain} decides: ${drops ? "dropped" : "accepted"}`,
        });
        break;
      }
      case "verdict":
        if (told.rule) {
          told.rule.verdict = VERDICTS[event.verdict];
          told.rule.text = `matches: ${VERDICT_WORDS[event.verdict]}`;
        }
        break;
      case "rewrite": {
        fields.set(event.field, event.to);
        if (event.by === "NAT") told.table = "nat";
        const { chain, number, line } = told.rule ?? {};
        this.put(packet, told, "rewrite", { text: rewriteText(event), chain, number, line, verdict: "nat" });
        break;
      }
      case "tracking":
        fields.set("ctstate", CT_STATE[event.state]);
        told.connection = event.connection;
        told.table = told.chain = told.rule = undefined;
        this.put(packet, told, "tracking", { text: trackingText(event) });
        break;
      case "confirm":
        told.connection = event.connection;
        told.table = told.chain = told.rule = undefined;
        this.put(packet, told, "confirm", { text: "the connection is put into the table" });
        break;
      case "expect":
        this.put(packet, told, "expect", { text: `foreseen: ${expectationText(event)}` });
        break;
      case "defragment":
        this.put(packet, told, "defragment", {
          text: event.done ? `the fragments are put together: ${event.length} bytes` : "a fragment: held back until the others come",
        });
        break;
      case "fragment":
        this.put(packet, told, "fragment", { text: `cut into ${event.pieces} pieces for an MTU of ${event.mtu}` });
        break;
      case "route":
        told.hook = told.table = told.chain = told.rule = undefined;
        if (event.decision === "forward") fields.hop();
        this.put(packet, told, "route", { text: routeText(event), verdict: event.decision === "none" ? "drop" : undefined });
        break;
      case "log":
        this.put(packet, told, "log", { text: `logged: ${printable(event.line.trimEnd())}`, ...placed(told) });
        break;
      case "effect":
        this.put(packet, told, "effect", { text: printable(event.said ?? event.about), ...placed(told) });
        break;
      case "no-answer":
        this.put(packet, told, "no-answer", { text: `no answer (${event.kind}): ${event.reason}` });
        break;
      case "delivered":
        fields.bytes(event.bytes);
        told.hook = told.table = told.chain = told.rule = undefined;
        this.put(packet, told, "delivered", {
          text: `delivered to a program of this machine: ${packetText(event.bytes)}`,
          verdict: "accept",
        });
        break;
      case "emitted":
        fields.bytes(event.bytes);
        told.hook = told.table = told.chain = told.rule = undefined;
        this.put(packet, told, "emitted", { text: `leaves by ${printable(event.device)}: ${packetText(event.bytes)}`, verdict: "accept" });
        break;
      case "dropped":
        this.put(packet, told, "dropped", { text: event.reason === "" ? "dropped" : `the end: ${event.reason}`, verdict: "drop" });
        break;
      case "answer":
      case "copy":
        break;
    }
  }

  private rule(packet: number, told: Told, { place, rule, result }: Event<"rule">): void {
    const { family, table, chain, number } = place;
    told.table = table;
    told.chain = chain;
    const { line } = rule.at;
    const common = { number, line, rule: this.ruleWords(rule) };
    if (result.matched) {
      if (line > 0) count(this.lines[family], line, told.fields.length);
      told.rule = this.put(packet, told, "rule", {
        ...common,
        matched: true,
        verdict: "other",
        text: rule.target ? "matches" : "matches: counted, and goes on",
      });
      return;
    }
    const { failure, hotdrop } = result;
    const why = printable(whyNot(failure.wanted, failure.value, family));
    this.put(packet, told, "rule", {
      ...common,
      matched: false,
      verdict: hotdrop ? "drop" : undefined,
      text: hotdrop ? `drops the packet at once: ${why}` : why,
      failed: printable(failure.text),
    });
  }

  private returns(packet: number, told: Told, { chain, to, implicit }: Event<"return">): void {
    if (!implicit && told.rule) {
      told.rule.text = to === undefined ? "matches: returns, to the policy" : `matches: returns to ${printable(to)}`;
      told.rule = undefined;
    } else if (to !== undefined) {
      told.chain = to;
      told.rule = undefined;
      this.put(packet, told, "return", { text: `no rule of ${printable(chain)} decided: back to ${printable(to)}` });
    }
    if (to !== undefined) told.chain = to;
  }

  private put(packet: number, told: Told, event: TraceStep["event"], more: Partial<TraceStep> & { readonly text: string }): Draft {
    const { hook, table, chain, connection, beside, fields } = told;
    const step: Draft = {
      packet,
      event,
      hook,
      table,
      chain,
      number: undefined,
      line: undefined,
      matched: undefined,
      rule: "",
      failed: undefined,
      verdict: undefined,
      fields: fields.fields(),
      connection,
      beside,
      ...more,
    };
    if (this.steps.length < STEPS_MAX) this.steps.push(step);
    else if (this.steps.length === STEPS_MAX)
      this.steps.push({
        ...step,
        event: "cut",
        matched: undefined,
        failed: undefined,
        text: `more than ${STEPS_MAX} steps: the rest is not told`,
      });
    return step;
  }

  /** The rule's own words, the same string for each packet that meets it. */
  private ruleWords(rule: Rule): string {
    let words = this.words.get(rule);
    if (words === undefined) {
      words = printable(ruleWords(rule));
      this.words.set(rule, words);
    }
    return words;
  }
}

function count<Key>(amounts: Map<Key, Amount>, key: Key, bytes: number): void {
  const before = amounts.get(key);
  amounts.set(key, { packets: (before?.packets ?? 0) + 1, bytes: (before?.bytes ?? 0) + bytes });
}
