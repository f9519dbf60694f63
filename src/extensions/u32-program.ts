import { u32 } from "../packet/index.ts";
import { scanUnsigned, UsageError } from "../xtables/index.ts";

/** One step of finding a number: what to do with the one before, and by how much. */
export interface U32Step {
  readonly operator: "&" | "<<" | ">>" | "@";
  readonly number: number;
}

/** Four bytes at a place, what is done to them, and the ranges of which one must hold the outcome. Kernel: struct xt_u32_test. */
export interface U32Test {
  readonly start: number;
  readonly steps: readonly U32Step[];
  readonly ranges: readonly (readonly [low: number, high: number])[];
}

/** Kernel: XT_U32_MAXSIZE less one: of numbers in a location, of ranges, and of tests. */
const MOST = 10;
const MAX = 0xffffffff;
/** Shifts by more are refused. */
const SHIFT_MAX = 31;

/** By their first character. */
const OPERATORS: ReadonlyMap<string, U32Step["operator"]> = new Map([
  ["&", "&"],
  ["@", "@"],
  ["<", "<<"],
  [">", ">>"],
]);

/** A place in the text of a program. */
class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The next character that is no blank, not taken; empty at the end. */
  peek(): string {
    while (isBlank(this.text[this.at] ?? "")) this.at++;
    return this.text[this.at] ?? "";
  }

  number(): number {
    const scanned = scanUnsigned(this.text.slice(this.at, this.at + LONGEST_NUMBER), 0, MAX);
    if (!scanned) throw this.fault("not a number or out of range");
    this.at += Math.min(LONGEST_NUMBER, this.text.length - this.at) - scanned.rest.length;
    return scanned.value;
  }

  fault(sentence: string): UsageError {
    return new UsageError(`u32: at char ${this.at}: ${sentence}`);
  }
}

/** Blanks, a sign and digits beyond this make no number. */
const LONGEST_NUMBER = 100;

const isBlank = (char: string): boolean => char === " " || (char >= "\t" && char <= "\r");

/** Reads `location = ranges && …`. Throws UsageError. libxt_u32.c, u32_parse, whose sentences count characters from 0. */
export function parseU32(text: string): U32Test[] {
  const reader = new Reader(text);
  const tests: U32Test[] = [];
  for (;;) {
    tests.push({ ...readLocation(reader), ranges: readRanges(reader) });
    const goesOn = reader.peek() === "&";
    if (goesOn && reader.text[++reader.at] !== "&") throw reader.fault("a second '&' was expected");
    if (tests.length > MOST) throw reader.fault('too many "&&"s');
    if (!goesOn) return tests;
    reader.at++;
  }
}

function readLocation(reader: Reader): Pick<U32Test, "start" | "steps"> {
  const abrupt = (): UsageError => new UsageError("u32: abrupt end of input after location specifier");
  if (reader.peek() === "") throw abrupt();
  if (reader.peek() === "=") throw reader.fault("location spec missing");
  const start = reader.number();
  const steps: U32Step[] = [];
  for (;;) {
    const char = reader.peek();
    if (char === "") throw abrupt();
    if (char === "=") {
      reader.at++;
      return { start, steps };
    }
    const operator = readOperator(reader, char);
    reader.peek();
    steps.push({ operator, number: reader.number() });
    if (steps.length >= MOST) throw reader.fault("too many operators");
  }
}

/** The operator that starts with the character at hand. */
function readOperator(reader: Reader, char: string): U32Step["operator"] {
  const operator = OPERATORS.get(char);
  if (operator === undefined) throw reader.fault("operator expected");
  reader.at++;
  if (operator.length === 1) return operator;
  if (reader.text[reader.at] !== char) throw reader.fault(`a second '${char}' was expected`);
  reader.at++;
  return operator;
}

/** Up to the end of the text or an ampersand, which is not taken. */
function readRanges(reader: Reader): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  if (reader.peek() === "") throw new UsageError("u32: test ended with no value specified");
  if (reader.peek() === "&") {
    reader.at++;
    throw reader.fault(reader.text[reader.at] === "&" ? "value spec missing" : "a second '&' was expected");
  }
  for (;;) {
    reader.peek();
    const low = reader.number();
    let high = low;
    if (reader.peek() === ":") {
      reader.at++;
      reader.peek();
      high = reader.number();
    }
    ranges.push([low, high]);
    const char = reader.peek();
    if (ranges.length > MOST) throw reader.fault('too many ","s');
    if (char === "" || char === "&") return ranges;
    if (char !== ",") throw reader.fault('expected "," or "&&"');
    reader.at++;
  }
}

/** `0x6&0xff=0x1,0x2:0x5&&…` */
export function printU32(tests: readonly U32Test[]): string {
  const shown = (number: number): string => `0x${number.toString(16)}`;
  return tests
    .map(({ start, steps, ranges }) => {
      const location = shown(start) + steps.map(({ operator, number }) => operator + shown(number)).join("");
      return `${location}=${ranges.map(([low, high]) => (low === high ? shown(low) : `${shown(low)}:${shown(high)}`)).join(",")}`;
    })
    .join("&&");
}

/** Does some step shift by more than there are bits? The kernel refuses such a program. Kernel: xt_u32.c, u32_mt_checkentry. */
export function shiftsTooFar(tests: readonly U32Test[]): boolean {
  return tests.some(({ steps }) => steps.some(({ operator, number }) => (operator === "<<" || operator === ">>") && number > SHIFT_MAX));
}

/** Do all tests hold? A place beyond the packet makes the whole false. Kernel: xt_u32.c, u32_match_it. */
export function runU32(tests: readonly U32Test[], bytes: Uint8Array, end: number): boolean {
  for (const test of tests) {
    const value = findNumber(test, bytes, end);
    if (value === undefined || !test.ranges.some(([low, high]) => low <= value && value <= high)) return false;
  }
  return true;
}

function findNumber({ start, steps }: U32Test, bytes: Uint8Array, end: number): number | undefined {
  if (start + 4 > end) return undefined;
  let base = 0;
  let value = u32(bytes, start);
  for (const { operator, number } of steps) {
    if (operator === "&") value = (value & number) >>> 0;
    else if (operator === "<<") value = (value << number) >>> 0;
    else if (operator === ">>") value >>>= number;
    else {
      base += value;
      if (base + number + 4 > end) return undefined;
      value = u32(bytes, base + number);
    }
  }
  return value;
}
