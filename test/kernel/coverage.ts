/** Which extensions and options have been exercised, and how often they matched. */
import type { Case, Record } from "./case.ts";

interface Tally {
  rules: number;
  packets: number;
  matched: number;
  missed: number;
}

const ENDING = /-j (ACCEPT|DROP|REJECT|QUEUE|RETURN|DNAT|SNAT|MASQUERADE|REDIRECT|NETMAP)\b|^-g |-g \S+$/;

/** Counts, for each option, the rules that had it, and of these how many matched and how many failed to match at least once. */
export class Coverage {
  readonly #tallies: Map<string, Tally> = new Map();

  add(one: Case, record: Record): void {
    for (const table of one.tables) {
      const numbers = new Map<string, number>();
      for (const rule of table.rules) {
        const number = (numbers.get(rule.chain) ?? 0) + 1;
        numbers.set(rule.chain, number);
        const [packets] = record.counters.get(`${table.name}/${rule.chain}/${number}`) ?? [0];
        const later = this.#laterPackets(record, `${table.name}/${rule.chain}`, number);
        const missed = later > (ENDING.test(rule.text) ? 0 : packets);
        for (const key of new Set(rule.covers)) this.#count(key, packets, missed);
      }
    }
  }

  /** The most packets that any later rule of the chain, or its policy, saw: they passed this rule. */
  #laterPackets(record: Record, chain: string, number: number): number {
    let most = record.counters.get(`${chain}/policy`)?.[0] ?? 0;
    for (let next = number + 1; ; next++) {
      const counters = record.counters.get(`${chain}/${next}`);
      if (counters === undefined) return most;
      most = Math.max(most, counters[0]);
    }
  }

  #count(key: string, packets: number, missed: boolean): void {
    const tally = this.#tallies.get(key) ?? { rules: 0, packets: 0, matched: 0, missed: 0 };
    tally.rules++;
    tally.packets += packets;
    if (packets > 0) tally.matched++;
    if (missed) tally.missed++;
    this.#tallies.set(key, tally);
  }

  /** One line for each option. */
  table(): string {
    const keys = [...this.#tallies.keys()].toSorted();
    const width = Math.max(10, ...keys.map(key => key.length));
    const lines = [`${"option".padEnd(width)}  rules  matched  missed    packets`];
    for (const key of keys) {
      const { rules, matched, missed, packets } = this.#tallies.get(key)!;
      lines.push(
        `${key.padEnd(width)} ${String(rules).padStart(6)} ${String(matched).padStart(8)} ${String(missed).padStart(7)} ${String(packets).padStart(10)}`,
      );
    }
    const never = keys.filter(key => this.#tallies.get(key)!.matched === 0);
    lines.push(`${keys.length} options; never matched: ${never.length === 0 ? "none" : never.join(", ")}`);
    return lines.join("\n");
  }
}
