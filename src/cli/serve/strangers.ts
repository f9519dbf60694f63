import type { Socket } from "node:net";

/** Connections on which nobody has shown the token yet. */
const MOST_STRANGERS = 128;

/** Connections of people and programs that may be anybody. */
export interface Strangers {
  /** Somebody connects: when there are too many, the one that has waited longest makes room. */
  meet(socket: Socket): void;
  /** Who has shown the token is none of them any more. */
  know(socket: Socket): void;
}

/** Keeps those who connect and say nothing, or say it slowly, from keeping everybody else out. */
export function createStrangers(): Strangers {
  const waiting = new Set<Socket>();
  return {
    meet(socket) {
      waiting.add(socket);
      socket.once("close", () => waiting.delete(socket));
      const [oldest] = waiting;
      if (waiting.size > MOST_STRANGERS) oldest?.destroy();
    },
    know: socket => void waiting.delete(socket),
  };
}
