import { expect, test } from "vitest";
import { documents, edit, isEdited, NO_DOCUMENTS, openDocuments, openEdited, opened, shown } from "./documents.ts";

const MINE = { name: "mine", readOnly: undefined };

test("what was changed comes back as changed, and the tab that holds rules is shown", () => {
  openEdited(NO_DOCUMENTS, { ...NO_DOCUMENTS, rules6: "*filter" }, MINE);
  expect([documents.value.rules6, opened.value.rules6, isEdited.value, shown.value]).toEqual(["*filter", "", true, "rules6"]);
  openDocuments({ rules4: "*nat" }, MINE);
  expect([documents.value.rules6, isEdited.value, shown.value]).toEqual(["", false, "rules4"]);
});

test("texts that say the same as when they were opened are not edited; read-only ones stay", () => {
  openDocuments({ rules4: "a" }, MINE);
  edit("rules4", "b");
  expect(isEdited.value).toBe(true);
  edit("rules4", "a");
  expect(isEdited.value).toBe(false);
  openDocuments({ rules4: "a" }, { name: "theirs", readOnly: "a script made them" });
  edit("rules4", "b");
  expect(documents.value.rules4).toBe("a");
});
