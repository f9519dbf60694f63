import { expect, test } from "vitest";
import { documents, openDocuments, origin } from "../state/documents.ts";
import { EXAMPLES, openExample, openFirstExample } from "./index.ts";

test("what is opened while the first example is on its way stays", async () => {
  const example = openFirstExample("leaf-node");
  openDocuments({ rules4: "*filter\nCOMMIT\n" }, { name: "mine", readOnly: undefined });
  await example;
  expect([origin.value.name, documents.value.rules4]).toEqual(["mine", "*filter\nCOMMIT\n"]);
});

test.each(EXAMPLES.map(({ id, title }) => [id, title]))("%s opens in place of what is open", async (id, title) => {
  await openExample(id);
  expect(origin.value.name).toBe(title);
  expect(documents.value.rules4).toContain("COMMIT");
});

test("an example that there is not opens nothing", async () => {
  const before = documents.value;
  await openExample("none");
  expect(documents.value).toBe(before);
});
