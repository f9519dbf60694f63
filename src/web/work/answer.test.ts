import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NO_DOCUMENTS, openDocuments } from "../state/documents.ts";
import { asking } from "./answer.ts";
import { Stopped, Superseded } from "./desk.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A question that changes, and answers that come when they are let. */
function scene(): {
  readonly question: { value: string | undefined };
  readonly asked: string[];
  readonly settle: (text: string, fault?: Error) => Promise<void>;
  readonly seen: () => string;
} {
  const question = signal<string | undefined>("a");
  const asked: string[] = [];
  const pending = new Map<string, { resolve(value: string): void; reject(fault: Error): void }>();
  const { answer } = asking(
    () => question.value,
    text => {
      asked.push(text);
      return new Promise<string>((resolve, reject) => pending.set(text, { resolve, reject }));
    },
    100,
  );
  return {
    question,
    asked,
    settle: async (text, fault) => {
      if (fault) pending.get(text)?.reject(fault);
      else pending.get(text)?.resolve(text.toUpperCase());
      await vi.advanceTimersByTimeAsync(0);
    },
    seen: () => `${answer.value.state} ${answer.value.value ?? "-"} ${answer.value.fault}`.trim(),
  };
}

test("the first question is asked at once, later ones after a pause, and the value stays until the next", async () => {
  const { question, asked, settle, seen } = scene();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(["a"]);
  await settle("a");
  expect(seen()).toBe("done A");
  question.value = "b";
  question.value = "c";
  await vi.advanceTimersByTimeAsync(99);
  expect(asked).toEqual(["a"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual(["a", "c"]);
  expect(seen()).toBe("asking A");
  await settle("c");
  expect(seen()).toBe("done C");
});

test("an answer that comes too late is dropped; a fault is told, and that somebody stopped it; no question, no answer", async () => {
  const { question, settle, seen } = scene();
  await vi.advanceTimersByTimeAsync(0);
  question.value = "b";
  await vi.advanceTimersByTimeAsync(100);
  await settle("a");
  expect(seen()).toBe("asking -");
  await settle("b", new Error("out of memory"));
  expect(seen()).toBe("failed - out of memory");
  question.value = "c";
  await vi.advanceTimersByTimeAsync(100);
  await settle("c", new Superseded());
  expect(seen()).toBe("asking -");
  question.value = "d";
  await vi.advanceTimersByTimeAsync(100);
  await settle("d", new Stopped());
  expect(seen()).toBe("stopped -");
  question.value = undefined;
  expect(seen()).toBe("idle -");
});

test("what was said of a firewall is gone as soon as another one is opened, and that one is asked about at once", async () => {
  const { question, asked, settle, seen } = scene();
  await vi.advanceTimersByTimeAsync(0);
  await settle("a");
  openDocuments(NO_DOCUMENTS, { name: "another", readOnly: undefined });
  expect(seen()).toBe("idle -");
  question.value = "b";
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.at(-1)).toBe("b");
  await settle("b");
  expect(seen()).toBe("done B");
});
