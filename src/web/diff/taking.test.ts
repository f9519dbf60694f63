import { expect, test, vi } from "vitest";
import { otherRules } from "./state.ts";
import { takeExample, takeFiles, takeOpened, takeText, takingNote } from "./taking.ts";

/** The worker's part, as far as these tests need it. */
vi.mock("../work/workers.ts", () => ({
  analysisDesk: () => ({}),
  rulesWork: () => ({
    takeText: (name: string, text: string) =>
      Promise.resolve(text.startsWith("*") ? { texts: { rules4: text }, notes: [`${name}: read`] } : { refused: "it is empty" }),
  }),
}));

/** A file whose text comes when it is let. */
function slowFile(name: string): { readonly file: File; readonly come: () => void } {
  let come = (): void => undefined;
  const text = new Promise<string>(resolve => {
    come = () => resolve("*filter");
  });
  return { file: Object.assign(new File([], name), { text: () => text }), come: () => come() };
}

test("a file that is read late does not take the place of what was chosen after it", async () => {
  const slow = slowFile("slow.rules");
  const taking = takeFiles([slow.file]);
  await takeExample("docker");
  slow.come();
  await taking;
  expect(otherRules.value?.name).toBe("Docker host");
  const again = slowFile("slow.rules");
  const late = takeFiles([again.file]);
  takeOpened();
  again.come();
  await late;
  expect(otherRules.value).toBeUndefined();
});

test("files together are one ruleset; what is none is told", async () => {
  expect(await takeText("pasted", "")).toBe(false);
  expect(takingNote.value).toBe("pasted was not taken: it is empty.");
  await takeFiles([new File(["*filter"], "a"), new File([""], "b"), new File(["*nat"], "c")]);
  expect(otherRules.value).toMatchObject({ name: "a and c", rules4: "*nat" });
  expect(takingNote.value).toBe("a: read b was not taken: it is empty. c: read");
});
