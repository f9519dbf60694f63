import type { ServedEvent } from "../../report/serve/index.ts";

/** Bytes that wait for a reader before it is let go: it connects again when it can. */
const MOST_WAITING = 32 << 20;
/** ms after which a silent stream says that it lives. */
const PULSE = 15_000;

/** One reader of events. */
export interface Listener {
  readonly stream: ReadableStream<Uint8Array>;
  send(event: ServedEvent): void;
  end(): void;
}

/** A stream of server-sent events, each as its name and JSON; `ended` is called once when it is over, whoever ended it. */
export function listener(ended: () => void): Listener {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const over = (): void => {
    if (!controller) return;
    controller = undefined;
    clearInterval(pulse);
    ended();
  };
  const end = (): void => {
    const open = controller;
    over();
    open?.close();
  };
  const put = (text: string): void => {
    if (!controller) return;
    controller.enqueue(encoder.encode(text));
    if ((controller.desiredSize ?? 0) <= 0) end();
  };
  const pulse = setInterval(() => put(": still here\n\n"), PULSE);
  pulse.unref();
  const stream = new ReadableStream<Uint8Array>(
    { start: opened => void (controller = opened), cancel: over },
    { highWaterMark: MOST_WAITING, size: chunk => chunk?.byteLength ?? 0 },
  );
  return { stream, end, send: event => put(`event: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`) };
}
