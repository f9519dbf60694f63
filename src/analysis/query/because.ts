import { NO } from "../../symbolic/index.ts";
import { listText } from "../names/index.ts";
import type { Verdict } from "./answer.ts";
import type { Asked } from "./asked.ts";

/** One sentence for an answer. */
export function because(verdict: Verdict, about: "sessions" | "packets", askings: readonly Asked[], depends: readonly string[]): string {
  const fates = new Set(askings.flatMap(({ fates }) => fates.filter(({ set }) => set !== NO).map(({ fate }) => fate)));
  if (fates.size === 0) return about === "packets" ? "there can be no such packets" : NO_SESSIONS;
  const good = about === "sessions" ? "usable" : "accepted";
  const others = [...fates].filter(fate => fate !== good);
  switch (verdict) {
    case "yes":
      return others.length === 0
        ? `all of these ${about} are ${good}`
        : `all of these ${about} are ${good} when clients use ordinary source ports`;
    case "no":
      return others.length === 1
        ? `all of these ${about} are ${others[0]}`
        : `none of these ${about} is ${good}: they are ${others.join(" or ")}`;
    case "depends":
      return depends.length > 0
        ? `some may be ${good}, which depends on ${listText(depends, 3)}`
        : `some are ${good} and some are ${others.join(" or ")}`;
  }
}

/** Broadcasts are what people mean most often who ask this. */
const NO_SESSIONS =
  "there can be no such sessions: each is between two machines (`packets from …` asks about packets to many, and any others)";
