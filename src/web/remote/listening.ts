import { effect, signal } from "@preact/signals";
import type { ServedEvent } from "../../report/serve/index.ts";
import { origin } from "../state/documents.ts";
import { kernelLeft, kernelShown, kernelSpoke } from "./kernel-view.ts";
import { documentChanged, fileChanged } from "./reload.ts";
import { RemoteFault, type RemoteServer } from "./remote.ts";
import { files, link, standing, tell } from "./state.ts";

/** ms between attempts to hear the server again. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/**
 * Hears what changes outside while somebody looks at the page; asks for the kernel's counters while it shows them. A browser has few
 * connections to one server, so tabs that nobody sees leave theirs to others.
 */
export function startListening(server: RemoteServer): void {
  const isSeen = signal(!document.hidden);
  document.addEventListener("visibilitychange", () => {
    isSeen.value = !document.hidden;
  });
  effect(() => {
    if (!isSeen.value) return undefined;
    const kernel = kernelShown.value !== null;
    const ending = new AbortController();
    void keepListening(server, kernel, ending.signal);
    return () => {
      ending.abort();
      if (kernelShown.peek() === null) kernelLeft();
    };
  });
}

async function keepListening(server: RemoteServer, kernel: boolean, signal: AbortSignal): Promise<void> {
  let wait = FIRST_WAIT;
  while (!signal.aborted) {
    let why = "it no longer answers";
    try {
      await server.events({ kernel, signal }, event => {
        wait = FIRST_WAIT;
        hear(server, event);
      });
    } catch (fault) {
      if (!(fault instanceof RemoteFault)) throw fault;
      if (fault.code === "token") return lost("another ferrule serve has taken its place: open the page by the address that it printed");
      if (fault.code !== "unreachable") why = fault.message;
    }
    if (signal.aborted) return;
    lost(why);
    await new Promise(resolve => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

function lost(why: string): void {
  const { value: now } = link;
  if (now.state !== "open") return;
  link.value = { ...now, state: "lost" };
  tell("warn", `The server of this page is gone (${why}). What you edit stays here, but cannot be saved.`);
}

function hear(server: RemoteServer, event: ServedEvent): void {
  switch (event.event) {
    case "ready":
      return found(server);
    case "file":
      return void fileChanged(event.path, event.hash);
    case "files":
      return void listAgain(server);
    case "document":
      return event.id === standing.value.id ? void readAgain(server) : undefined;
    case "kernel":
    case "counts":
      return kernelSpoke(event);
    case "fault":
      return tell("warn", `${event.message}.`);
  }
}

/** The server answers. While nobody listened, anything may have changed. */
function found(server: RemoteServer): void {
  const { value: now } = link;
  if (now.state === "lost") {
    link.value = { ...now, state: "open" };
    tell("note", "The server of this page is back.");
  }
  for (const path of Object.values(origin.value.paths ?? {}))
    void quietly(
      async () => fileChanged(path, (await server.file(path)).hash),
      () => fileChanged(path, null),
    );
  if (standing.value.id !== undefined && kernelShown.value === null) void readAgain(server);
  void listAgain(server);
}

/** Reads what was opened on the command line again. */
function readAgain(server: RemoteServer): Promise<void> {
  return quietly(async () => {
    for (const each of (await server.workspace()).documents) documentChanged(each);
  });
}

/** Lists the files again, where somebody has looked at them. */
function listAgain(server: RemoteServer): Promise<void> {
  if (files.value === undefined) return Promise.resolve();
  return quietly(async () => {
    files.value = await server.files();
  });
}

/** What fails because the server is gone is told by the stream of events. */
async function quietly(act: () => Promise<void>, missing?: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (fault) {
    if (!(fault instanceof RemoteFault)) throw fault;
    if (fault.code === "not-found") await missing?.();
  }
}
