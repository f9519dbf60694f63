import type { FileEntry, KernelReading, ScriptResult } from "../../report/serve/index.ts";
import { chosenRules } from "../../report/serve/index.ts";
import { openDocuments } from "../state/documents.ts";
import { openFile, openServed } from "./open.ts";
import { RemoteFault, type RemoteServer } from "./remote.ts";
import { files, link, tell } from "./state.ts";

/** Lists the files of the root. */
export function listFiles(): Promise<boolean> {
  return asking(async (server, { root }) => {
    if (root !== null) files.value = await server.files();
  });
}

/** Opens a firewall of the command line, as it is now. */
export function openDocument(id: string): Promise<boolean> {
  return opening(async server => {
    const workspace = await server.workspace();
    const found = workspace.documents.find(each => each.id === id);
    return () => found && openServed(found);
  });
}

/** Opens a file of the root; of a script, what it makes. */
export function openEntry({ path, kind }: Pick<FileEntry, "path" | "kind">): Promise<boolean> {
  return opening(async server => {
    const file = await server.file(path);
    if (kind !== "script") return () => openFile(file);
    const made = await server.script({ name: path, text: file.text });
    return () => openScript(path, made);
  });
}

/** Runs a script that the page was given in the server's sandbox, and opens what it makes. */
export function openScriptText(script: { readonly name: string; readonly text: string }): Promise<boolean> {
  return opening(async server => {
    const made = await server.script(script);
    return () => openScript(script.name, made);
  });
}

/** Opens a copy of the running rules. */
export function openKernel(): Promise<boolean> {
  return opening(async server => {
    const reading = await server.kernel();
    return () => openReading(reading);
  });
}

function openScript(path: string, { texts, transcript, status, calls }: ScriptResult): void {
  openDocuments(texts, { name: path, readOnly: "a script made these rules" });
  const ended = status === 0 ? "" : ` It ended with status ${status}.`;
  const said = transcript.length === 0 ? "" : ` It said: ${transcript.slice(0, 5).join(" · ")}${transcript.length > 5 ? " …" : ""}`;
  tell(
    status === 0 && calls > 0 ? "note" : "warn",
    `${path} was run in the server's sandbox and called its tools ${calls} times.${ended}${said}`,
  );
}

function openReading({ rules, sets, host, at }: KernelReading): void {
  const text = (family: 4 | 6): string => rules[chosenRules(rules, family, "any")]?.text ?? "";
  const name = `kernel at ${new Date(at).toLocaleTimeString()}`;
  openDocuments({ rules4: text(4), rules6: text(6), sets, host }, { name, readOnly: undefined });
}

/** Counts what was asked to be opened. */
let turn = 0;

/** Opens what the server gives, unless something else was asked for meanwhile. */
function opening(fetch: (server: RemoteServer) => Promise<() => void>): Promise<boolean> {
  const mine = ++turn;
  return asking(async server => {
    const open = await fetch(server);
    if (mine === turn) open();
  });
}

/** Asks the server for something; what goes wrong is told, and the answer is false. */
async function asking(act: (server: RemoteServer, about: { readonly root: string | null }) => Promise<void>): Promise<boolean> {
  const { value: now } = link;
  if (now.state === "none") return false;
  try {
    await act(now.server, now.workspace);
    return true;
  } catch (fault) {
    if (!(fault instanceof RemoteFault)) throw fault;
    tell("fault", `${fault.message}.`);
    return false;
  }
}
