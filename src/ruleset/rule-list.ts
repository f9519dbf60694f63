import { ruleText } from "./rule-text.ts";
import type { Rule } from "./rule.ts";

/** Rules in one block. A full block is cut in two, so that putting one in moves few. */
const MOST_IN_BLOCK = 1024;

/** A chain's rules while they are edited. Putting in or taking out at any place costs little even in a chain of 100,000 rules; indices count from 0. */
export class RuleList {
  private blocks: Rule[][];
  private count: number;
  /** Rules by text, made when one is first asked for. */
  private byText: Map<string, Set<Rule>> | undefined;

  constructor(rules: readonly Rule[] = []) {
    this.blocks = [];
    this.count = rules.length;
    for (let i = 0; i < rules.length; i += MOST_IN_BLOCK / 2) this.blocks.push(rules.slice(i, i + MOST_IN_BLOCK / 2));
  }

  get length(): number {
    return this.count;
  }

  *[Symbol.iterator](): Iterator<Rule> {
    for (const block of this.blocks) yield* block;
  }

  toArray(): Rule[] {
    // Blocks are copied whole, where flat() would look at each rule.
    return ([] as Rule[]).concat(...this.blocks);
  }

  at(index: number): Rule | undefined {
    const [block, i] = this.find(index);
    return block?.[i];
  }

  push(rule: Rule): void {
    this.insert(this.count, rule);
  }

  insert(index: number, rule: Rule): void {
    const last = this.blocks.at(-1);
    if (index === this.count && last && last.length < MOST_IN_BLOCK) last.push(rule);
    else if (this.blocks.length === 0) this.blocks.push([rule]);
    else {
      const [block, i] = this.find(index);
      const into = block ?? (this.blocks.at(-1) as Rule[]);
      into.splice(block ? i : into.length, 0, rule);
      if (into.length > MOST_IN_BLOCK) this.blocks.splice(this.blocks.indexOf(into) + 1, 0, into.splice(MOST_IN_BLOCK / 2));
    }
    this.count++;
    this.remember(rule);
  }

  remove(index: number): void {
    const [block, i] = this.find(index);
    const [rule] = block?.splice(i, 1) ?? [];
    if (!block || !rule) return;
    this.count--;
    if (block.length === 0) this.blocks.splice(this.blocks.indexOf(block), 1);
    this.byText?.get(ruleText(rule))?.delete(rule);
  }

  replace(index: number, rule: Rule): void {
    const [block, i] = this.find(index);
    const before = block?.[i];
    if (!block || !before) return;
    block[i] = rule;
    this.byText?.get(ruleText(before))?.delete(before);
    this.remember(rule);
  }

  /** The index of the first rule with that text; -1 for none. */
  indexOfText(text: string): number {
    if (!this.byText) {
      this.byText = new Map();
      for (const rule of this) this.remember(rule);
    }
    const candidates = this.byText.get(text);
    if (!candidates?.size) return -1;
    const [only] = candidates.size === 1 ? candidates : [];
    let before = 0;
    for (const block of this.blocks) {
      const i = only ? block.indexOf(only) : block.findIndex(rule => candidates.has(rule));
      if (i >= 0) return before + i;
      before += block.length;
    }
    return -1;
  }

  /** Every rule changed by a function. */
  map(change: (rule: Rule) => Rule): void {
    this.blocks = this.blocks.map(block => block.map(change));
    this.byText = undefined;
  }

  private remember(rule: Rule): void {
    if (!this.byText) return;
    const text = ruleText(rule);
    const known = this.byText.get(text);
    if (known) known.add(rule);
    else this.byText.set(text, new Set([rule]));
  }

  private find(index: number): [block: Rule[] | undefined, i: number] {
    if (index < 0) return [undefined, 0];
    let left = index;
    for (const block of this.blocks) {
      if (left < block.length) return [block, left];
      left -= block.length;
    }
    return [undefined, 0];
  }
}
