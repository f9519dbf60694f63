import type { ServedDocument } from "../../report/serve/index.ts";
import { isEdited } from "../state/documents.ts";
import { openServed } from "./open.ts";
import { remoteServer, RemoteFault, type RemoteServer } from "./remote.ts";
import { startListening } from "./listening.ts";
import { link, tell } from "./state.ts";
import { forgetToken, takeToken } from "./token.ts";

/**
 * Opens what the server that sent this page was started with. Without such a server, and where the address holds rules of its own or the
 * command line named none, `otherwise` opens what the page shows.
 */
export function connect(otherwise: () => Promise<void>): void {
  const token = takeToken({ location, history, storage: sessionStorage });
  if (token === undefined) void otherwise();
  else void open(remoteServer(document.baseURI, token), otherwise);
}

async function open(server: RemoteServer, otherwise: () => Promise<void>): Promise<void> {
  try {
    const workspace = await server.workspace();
    link.value = { state: "open", server, workspace };
    const [first, second] = workspace.documents;
    if (first && !holdsRules(location.hash)) openServed(first);
    else await otherwise();
    if (first?.fault) tell("warn", `${first.fault}.`);
    else if (first && first.notes.length > 0) tell("note", first.notes.map(note => `${note}.`).join(" "));
    if (second) await compareWith(second);
    addEventListener("beforeunload", event => {
      if (isEdited.value) event.preventDefault();
    });
    startListening(server);
  } catch (fault) {
    if (!(fault instanceof RemoteFault)) throw fault;
    if (fault.code === "token") forgetToken({ storage: sessionStorage });
    await otherwise();
    tell("warn", `The files of ferrule serve cannot be opened: ${fault.message}.`);
  }
}

/** Two firewalls on the command line: Diff compares them. */
async function compareWith({ name, texts: { rules4, rules6 } }: ServedDocument): Promise<void> {
  const { otherRules } = await import("../diff/state.ts");
  otherRules.value = { name, rules4, rules6 };
}

/** Does the fragment say more than which panel to show? */
function holdsRules(fragment: string): boolean {
  return [...new URLSearchParams(fragment.slice(1)).keys()].some(name => name !== "view");
}
