/** A protocol as the comparison of helpers speaks it. */
import type { Random } from "../generate/random.ts";
import type { Endpoint } from "./conversation.ts";

/** Who says it, and what. */
export type Line = readonly [from: "client" | "server", payload: Uint8Array];

/** What a speaker knows. */
export interface Scene {
  readonly random: Random;
  /** The client as it knows itself, and the server it called. */
  readonly client: Endpoint;
  readonly called: Endpoint;
  /** The server as it knows itself, and the client as it sees it. */
  readonly server: Endpoint;
  readonly caller: Endpoint;
}

/** A protocol with a helper. */
export interface Protocol {
  readonly helper: string;
  readonly transport: "tcp" | "udp";
  readonly port: number;
  readonly families: readonly (4 | 6)[];
  /** The next line of a conversation, whose lines so far are counted. */
  line(scene: Scene, count: number): Line;
}

/** Words as bytes. */
export const text = (words: string): Uint8Array => Uint8Array.from(words, character => character.charCodeAt(0) & 255);
export const isV6 = ({ address }: Endpoint): boolean => typeof address === "bigint";
