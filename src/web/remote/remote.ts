import {
  TOKEN_HEADER,
  type ApiFault,
  type FileList,
  type FileText,
  type KernelReading,
  type RefusalCode,
  type Saved,
  type ScriptQuestion,
  type ScriptResult,
  type ServedEvent,
  type Workspace,
} from "../../report/serve/index.ts";
import { readEvents } from "./event-text.ts";

/** The server refused, or could not be asked: `unreachable`. */
export class RemoteFault extends Error {
  readonly code: RefusalCode | "unreachable";
  /** For a conflict: what is on disk; null when the file is gone. */
  readonly hash: string | null | undefined;
  constructor(code: RefusalCode | "unreachable", message: string, hash?: string | null) {
    super(message);
    this.name = "RemoteFault";
    this.code = code;
    this.hash = hash;
  }
}

/** The server that sent the page. Each call rejects with a RemoteFault. */
export interface RemoteServer {
  workspace(): Promise<Workspace>;
  files(): Promise<FileList>;
  file(path: string): Promise<FileText>;
  /** Saves over the content with a hash, or makes a new file for `undefined`. */
  save(path: string, text: string, over: string | undefined): Promise<Saved>;
  kernel(): Promise<KernelReading>;
  script(question: ScriptQuestion): Promise<ScriptResult>;
  /** Hears events until the server ends them or `signal` does; `kernel` asks for those of the running rules too. */
  events(options: { readonly kernel: boolean; readonly signal: AbortSignal }, hear: (event: ServedEvent) => void): Promise<void>;
}

/** What fetch does, in as far as it is needed here. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/** Talks to the server below `base`, the page's own address. */
export function remoteServer(base: string, token: string, fetch: Fetch = (url, init) => globalThis.fetch(url, init)): RemoteServer {
  const ask = async (call: string, query: Readonly<Record<string, string>> = {}, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(`api/${call}`, base);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    let response: Response;
    try {
      response = await fetch(url, {
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        ...init,
        headers: { ...(init.headers as Record<string, string> | undefined), [TOKEN_HEADER]: token },
      });
    } catch (fault) {
      throw new RemoteFault("unreachable", `the server does not answer: ${(fault as Error).message}`);
    }
    if (!response.ok) throw await faultOf(response);
    return response;
  };
  const json = async <T>(answer: Promise<Response>): Promise<T> => {
    const response = await answer;
    if (!response.headers.get("content-type")?.startsWith("application/json"))
      throw new RemoteFault("not-found", "the server is not that of ferrule serve");
    return (await response.json()) as T;
  };
  return {
    workspace: () => json(ask("workspace")),
    files: () => json(ask("files")),
    file: path => json(ask("file", { path })),
    save: (path, text, over) =>
      json(
        ask(
          "file",
          { path },
          {
            method: "PUT",
            body: text,
            headers: {
              "Content-Type": "text/plain; charset=utf-8",
              ...(over === undefined ? { "If-None-Match": "*" } : { "If-Match": `"${over}"` }),
            },
          },
        ),
      ),
    kernel: () => json(ask("kernel")),
    script: question =>
      json(ask("script", {}, { method: "POST", body: JSON.stringify(question), headers: { "Content-Type": "application/json" } })),
    async events({ kernel, signal }, hear) {
      const { body } = await ask("events", kernel ? { kernel: "1" } : {}, { signal });
      if (!body) return;
      try {
        for await (const event of readEvents(body)) hear(event);
      } catch (fault) {
        if (!signal.aborted) throw new RemoteFault("unreachable", `the server has gone: ${(fault as Error).message}`);
      }
    },
  };
}

async function faultOf(response: Response): Promise<RemoteFault> {
  try {
    const { error, hash } = (await response.json()) as ApiFault;
    return new RemoteFault(error.code, error.message, hash);
  } catch {
    return new RemoteFault("not-found", `the server answers with status ${response.status}`);
  }
}
