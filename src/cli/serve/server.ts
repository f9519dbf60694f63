import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { application } from "./application.ts";
import { createEvents, type EventSettings } from "./events.ts";
import type { Site } from "./guard.ts";
import { savesDone } from "./root-files.ts";
import { createStrangers } from "./strangers.ts";

/** How to serve. */
export interface ServerSettings extends EventSettings {
  /** The folder of the built page. */
  readonly page: string;
  readonly token: string;
  readonly address: "127.0.0.1" | "::1";
  /** The first of these that is free is taken; 0 is any. */
  readonly ports: readonly number[];
}

/** A server that listens. */
export interface Running {
  readonly port: number;
  /** Without the token. */
  readonly url: string;
  close(): Promise<void>;
}

/** ms that requests under way have to end when the server is closed. */
const PATIENCE = 500;

/** Serves the page and its calls on this machine's own address. Rejects with the system's fault when no port is free. */
export async function startServer(settings: ServerSettings): Promise<Running> {
  const { page, root, openings, token, address } = settings;
  const events = createEvents(settings);
  const strangers = createStrangers();
  let site: Site = { hosts: new Set(), token };
  const app = application({ page, root, openings, events, strangers, site: () => site });
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { maxHeaderSize: 16_384, headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 5_000 },
  }) as Server;
  server.maxConnections = 256;
  server.on("connection", strangers.meet);
  const port = await listen(server, address, settings.ports);
  const names = [address === "::1" ? "[::1]" : address, "localhost"];
  site = { token, hosts: new Set(names.flatMap(name => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))) };
  return {
    port,
    url: `http://${names[0]}:${port}/`,
    async close() {
      events.close();
      const closed = new Promise<void>(resolve => void server.close(() => resolve()));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), PATIENCE).unref();
      await closed;
      await savesDone();
    },
  };
}

async function listen(server: Server, address: string, ports: readonly number[]): Promise<number> {
  let last: unknown;
  for (const port of ports) {
    try {
      return await listenAt(server, address, port);
    } catch (fault) {
      last = fault;
      if ((fault as NodeJS.ErrnoException).code !== "EADDRINUSE") throw fault;
    }
  }
  throw last;
}

function listenAt(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
