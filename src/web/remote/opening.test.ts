import { expect, test } from "vitest";
import type { FileText } from "../../report/serve/index.ts";
import { origin } from "../state/documents.ts";
import { openEntry } from "./opening.ts";
import type { RemoteServer } from "./remote.ts";
import { link, message, type Link } from "./state.ts";

type Open = Extract<Link, { state: "open" }>;

/** A page of a server whose files come when they are let. */
function served(): { readonly come: (path: string) => void } {
  const waiting = new Map<string, (file: FileText) => void>();
  const server: Pick<RemoteServer, "file"> = { file: path => new Promise(resolve => waiting.set(path, resolve)) };
  const workspace: Pick<Open["workspace"], "documents" | "root"> = { documents: [], root: "/rules" };
  link.value = { state: "open", server: server as RemoteServer, workspace: workspace as Open["workspace"] };
  const text = (path: string): FileText => ({
    path,
    text: "*filter\nCOMMIT\n",
    hash: "0",
    kind: "save",
    family: 4,
    both: null,
    readOnly: null,
  });
  return { come: path => waiting.get(path)?.(text(path)) };
}

test("a file that comes late does not take the place of one that was asked for after it", async () => {
  const { come } = served();
  const slow = openEntry({ path: "slow.rules", kind: "save" });
  const quick = openEntry({ path: "quick.rules", kind: "save" });
  come("quick.rules");
  await quick;
  come("slow.rules");
  await slow;
  expect(origin.value.name).toBe("quick.rules");
  expect(message.value).toBeUndefined();
});
