import type { ServedEvent } from "../../report/serve/index.ts";

/** Characters of one event, above which the stream is given up: nothing that the server says is so long. */
const MOST_CHARACTERS = 256 << 20;

/** Server-sent events from the bytes of a stream: the JSON of each event's data. Comments and what is no JSON are passed over. Linear. */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServedEvent, void, undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let waiting = 0;
  // A line's end, which may be the first half of an event's.
  let half = "";
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const pieces = (half + decoder.decode(read.value, { stream: true })).split("\n\n");
      const rest = pieces.pop() ?? "";
      for (const piece of pieces) {
        const event = eventIn([...parts, piece].join(""));
        if (event) yield event;
        parts = [];
        waiting = 0;
      }
      half = rest.endsWith("\n") ? "\n" : "";
      parts.push(rest.slice(0, rest.length - half.length));
      waiting += rest.length;
      if (waiting > MOST_CHARACTERS) throw new Error("an event is too long");
    }
  } finally {
    // The reader may be let go before the stream's end.
    await reader.cancel().catch(() => undefined);
  }
}

function eventIn(block: string): ServedEvent | undefined {
  const data = block
    .split("\n")
    .filter(line => line.startsWith("data: "))
    .map(line => line.slice("data: ".length))
    .join("\n");
  if (data === "") return undefined;
  try {
    return JSON.parse(data) as ServedEvent;
  } catch {
    return undefined;
  }
}
