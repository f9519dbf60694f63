import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServedEvent } from "../../report/serve/index.ts";
import { readEvents } from "./event-text.ts";

async function read(...chunks: readonly Uint8Array[]): Promise<ServedEvent[]> {
  const found: ServedEvent[] = [];
  const waiting = [...chunks];
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = waiting.shift();
      if (next) controller.enqueue(next);
      else controller.close();
    },
  });
  for await (const event of readEvents(stream)) found.push(event);
  return found;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const written = (event: ServedEvent): string => `event: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`;

test("events come out as they went in, wherever the bytes are cut", async () => {
  const event: fc.Arbitrary<ServedEvent> = fc.oneof(
    fc.constant<ServedEvent>({ event: "ready" }),
    fc.record({ event: fc.constant("file" as const), path: fc.string({ unit: "binary" }), hash: fc.option(fc.string()) }),
    fc.record({ event: fc.constant("fault" as const), message: fc.string() }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 5 }), fc.array(fc.nat(500), { maxLength: 6 }), async (events, cuts) => {
      const whole = bytes(events.map(each => `: still here\n\n${written(each)}`).join(""));
      const places = [0, ...cuts.filter(cut => cut < whole.length).toSorted((a, b) => a - b), whole.length];
      const chunks = places.slice(1).map((end, index) => whole.slice(places[index], end));
      expect(await read(...chunks)).toEqual(events);
    }),
    { numRuns: 50 },
  );
});

test.each<[what: string, text: string, count: number]>([
  ["comments", ": still here\n\n: still here\n\n", 0],
  ["what is no JSON", "data: {\n\ndata: \n\n", 0],
  ["an event that is cut off", `${written({ event: "ready" })}data: {"event":"rea`, 1],
  ["data of several lines", 'data: {"event":\ndata: "ready"}\n\n', 1],
])("%s", async (_what, text, count) => expect(await read(bytes(text))).toHaveLength(count));

test("many small pieces of one long event take time in proportion", async () => {
  const event: ServedEvent = { event: "fault", message: "x".repeat(2_000_000) };
  const whole = bytes(written(event));
  const chunks = Array.from({ length: Math.ceil(whole.length / 250) }, (_, index) => whole.slice(index * 250, index * 250 + 250));
  const [found, ...more] = await read(...chunks);
  expect([found?.event === "fault" && found.message.length, more.length]).toEqual([2_000_000, 0]);
});

test("the stream is let go when nobody reads on", async () => {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: controller => controller.enqueue(bytes(written({ event: "ready" }))),
    cancel: () => void (cancelled = true),
  });
  for await (const event of readEvents(stream)) if (event.event === "ready") break;
  expect(cancelled).toBe(true);
});
