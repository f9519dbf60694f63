import {
  bounded,
  integerRange,
  printRange,
  someOf,
  UsageError,
  type IntegerRange,
  type TargetType,
  type Value,
} from "../../xtables/index.ts";

const QUEUE_MAX = 0xffff;

const anyRange = integerRange(QUEUE_MAX);
const balance: Value<IntegerRange> = {
  shape: "first:last",
  parse(text, context) {
    const range = anyRange.parse(text, context);
    if (!text.includes(":")) throw new UsageError(`Bad range "${text}"`);
    if (range[0] >= range[1]) throw new UsageError(`${range[0]} should be less than ${range[1]}`);
    return range;
  },
  print: printRange,
};

const grammar = someOf({
  "queue-num": { value: bounded(0, QUEUE_MAX), excludes: ["queue-balance"], help: "Queue of the program; 0 without it." },
  "queue-balance": { value: balance, excludes: ["queue-num"], help: "Queues among which connections are spread." },
  "queue-bypass": { help: "Accept the packet where no program listens, rather than drop it." },
  "queue-cpu-fanout": { requires: ["queue-balance"], help: "Choose the queue by the processor instead of the connection." },
});

/** Kernel: struct xt_NFQ_info_v3. */
interface NfQueue {
  readonly queues: IntegerRange;
  readonly bypass: boolean;
  readonly byCpu: boolean;
}

/** The words after their dashes, as they are both saved and listed. */
function words({ queues: [low, high], bypass, byCpu }: NfQueue, dashes: "--queue-" | ""): string {
  const which = low === high ? `${dashes}num ${low}` : `${dashes}balance ${low}:${high}`;
  return `${which}${bypass ? ` ${dashes}bypass` : ""}${byCpu ? ` ${dashes}cpu-fanout` : ""}`;
}

/**
 * `-j NFQUEUE`: a program decides. Which queue of a range a packet goes to depends on a hash of its connection with a random seed of the kernel's.
 * Kernel: xt_NFQUEUE.c, nfqueue_tg_v3.
 */
export const NFQUEUE: TargetType<NfQueue> = {
  name: "NFQUEUE",
  help: "Hand the packet to a program that decides.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      const number = found["queue-num"]?.value ?? 0;
      return {
        queues: found["queue-balance"]?.value ?? [number, number],
        bypass: Boolean(found["queue-bypass"]),
        byCpu: Boolean(found["queue-cpu-fanout"]),
      };
    },
    save: info => words(info, "--queue-"),
  },
  // The number of queues is counted in 16 bits, where all of them are none.
  check: ({ queues: [low, high] }) => (high - low === QUEUE_MAX ? "NFQUEUE target: number of total queues is 0" : undefined),
  lower: ({ queues: [low, high], bypass, byCpu }) => ({ do: "queue", low, high, bypass, ...(byCpu && { byCpu }) }),
  list: info => `NFQUEUE ${words(info, "")}`,
};
