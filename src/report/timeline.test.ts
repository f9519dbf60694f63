import fc from "fast-check";
import { expect, test } from "vitest";
import { timeline, TimelineRecorder, type TimelineOptions, type TimelineOutcome } from "./timeline.ts";

const START = 1_700_000_000_000_000_000n;
const MS = 1_000_000n;

/** `a` and `d` at 100 ms steps, `.` for no packet; digits repeat what follows. */
function recorded(events: string): TimelineRecorder {
  const recorder = new TimelineRecorder(64);
  let time = START;
  let repeat = 1;
  for (const event of events) {
    if (event >= "0" && event <= "9") {
      repeat = Number(event);
      continue;
    }
    for (let i = 0; i < repeat; i++) if (event !== ".") recorder.add(time, event === "a" ? "accepted" : "dropped");
    repeat = 1;
    time += 100n * MS;
  }
  return recorder;
}

function check(name: string, events: string, options: TimelineOptions, ...expected: readonly string[]): void {
  test(name, () => expect(timeline(recorded(events).read(), options).split("\n")).toEqual(expected));
}

check("nothing", "....", {}, "no packets");
check("one packet", "d", {}, "accepted: no packets", "dropped: 1 packet", " 1 ┤█", "   └─", "    2023-11-14 22:13:20.000 UTC");
check(
  "without unicode",
  "d",
  { unicode: false },
  "accepted: no packets",
  "dropped: 1 packet",
  " 1 +#",
  "   +-",
  "    2023-11-14 22:13:20.000 UTC",
);
check(
  "both, each to its own scale",
  "1a2a3a4a5a6a7a8a8a8a8a1d..2d",
  { width: 60, height: 2 },
  "accepted: 60 packets, at most 8 in 32.8 ms",
  "  8 ┤            ▂  ▄  ▆  █  █  █   █",
  "    │▂  ▄  ▆  █  █  █  █  █  █  █   █",
  "dropped: 3 packets, at most 2 in 32.8 ms",
  "  2 ┤                                           █",
  "    │                                  █        █",
  "    └────────────────────────────────────────────",
  "     2023-11-14 22:13:20.000 UTC           +1.4 s",
);

test("a column with a packet shows a mark, however high the peak", () => {
  const recorder = new TimelineRecorder();
  for (let i = 0; i < 100_000; i++) recorder.add(START, "accepted");
  recorder.add(START + 1000n, "accepted");
  recorder.add(START + 3000n, "accepted");
  expect(timeline(recorder.read(), { height: 1 }).split("\n")[1]).toBe(" 100000 ┤█▁ ▁");
});

test("widths and heights beyond reason are brought back", () => {
  const data = recorded("1a2a3a").read();
  for (const options of [
    { width: -5, height: -5 },
    { width: 1e9, height: 1e9 },
    { width: 20.5, height: 1.5 },
  ]) {
    const lines = timeline(data, options).split("\n");
    expect(lines.length).toBeLessThanOrEqual(210);
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(1000);
  }
});

test("moments outside four-digit years are seconds", () => {
  for (const [time, printed] of [
    [-5_000_000_000n, "-5 s"],
    [1n << 94n, "19807040628566084398 s"],
    [0n, "1970-01-01 00:00:00\\.000 UTC"],
  ] as const) {
    const recorder = new TimelineRecorder();
    recorder.add(time, "dropped");
    expect(timeline(recorder.read())).toMatch(new RegExp(` ${printed}$`));
  }
});

const anyEvents = fc.array(
  fc.tuple(
    fc.oneof(
      fc.bigInt({ min: START, max: START + 100_000n }),
      fc.bigInt({ min: -(1n << 70n), max: 1n << 94n }),
      fc.bigInt({ min: 0n, max: START }),
    ),
    fc.constantFrom<TimelineOutcome>("accepted", "dropped"),
  ),
  { minLength: 1, maxLength: 60 },
);

function record(events: readonly (readonly [bigint, TimelineOutcome])[], limit: number): ReturnType<TimelineRecorder["read"]> {
  const recorder = new TimelineRecorder(limit);
  for (const [time, outcome] of events) recorder.add(time, outcome);
  return recorder.read();
}

test("buckets hold what a count by hand finds, are within the limit, and do not depend on the order of packets", () => {
  fc.assert(
    fc.property(anyEvents, fc.integer({ min: 2, max: 40 }), (events, limit) => {
      const data = record(events, limit);
      const { start, bucketWidth, buckets, first, last } = data;
      const times = events.map(([time]) => time);
      expect(times.every(time => first <= time && time <= last) && times.includes(first) && times.includes(last)).toBe(true);
      expect(buckets.length).toBeLessThanOrEqual(limit);
      const counted = buckets.map((_, i) => {
        const from = start + BigInt(i) * bucketWidth;
        const within = events.filter(([time]) => time >= from && time < from + bucketWidth);
        const accepted = within.filter(([, outcome]) => outcome === "accepted").length;
        return { accepted, dropped: within.length - accepted };
      });
      expect(buckets).toEqual(counted);
      expect(buckets.reduce((sum, { accepted, dropped }) => sum + accepted + dropped, 0)).toBe(events.length);
      expect(record(events.toReversed(), limit)).toEqual(data);
      expect(
        record(
          events.toSorted(([a], [b]) => (a < b ? -1 : 1)),
          limit,
        ),
      ).toEqual(data);
    }),
  );
});

test("the text is as wide as asked, and tells the totals", () => {
  fc.assert(
    fc.property(
      anyEvents,
      fc.integer({ min: 50, max: 200 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (events, width, height, unicode) => {
        const text = timeline(record(events, 2048), { width, height, unicode });
        const accepted = events.filter(([, outcome]) => outcome === "accepted").length;
        for (const [outcome, count] of [
          ["accepted", accepted],
          ["dropped", events.length - accepted],
        ] as const) {
          expect(text).toContain(`${outcome}: ${count === 0 ? "no packets" : count === 1 ? "1 packet" : `${count} packets`}`);
        }
        for (const line of text.split("\n")) expect(line.length <= width || line.startsWith("    ")).toBe(true);
        if (!unicode) expect(/^[\x20-\x7e\n]*$/.test(text)).toBe(true);
      },
    ),
  );
});
