import type { Field } from "../../predicate/index.ts";
import type { Diagram } from "../../symbolic/index.ts";
import type { Asked } from "./asked.ts";

/** What people call fields of single packets that a session's fate may depend on. */
const FIELD_WORDS: Partial<Record<Field, string>> = {
  mac: "the hardware address of the sender",
  uid: "the user that sends",
  gid: "the group that sends",
  mark: "the mark of the packet",
  length: "the length of the packets",
  l4length: "the length of the packets",
  ttl: "the time to live",
  tos: "the type of service",
  mss: "the maximum segment size",
  tcpoptions: "the TCP options",
  ctstatus: "what else tracking knows of the connection",
  pkttype: "whether it is a broadcast",
  physin: "the bridge port that it comes in by",
  physout: "the bridge port that it leaves by",
};

/** What a set asks for besides what its dimensions stand for, in words. */
export function conditionWords({ boxes, model }: Asked, set: Diagram): string[] {
  const dimensions = new Set(boxes.dimensions.map(({ level }) => level));
  const words = new Set<string>();
  for (const level of boxes.diagrams.levelsOf(set)) {
    if (dimensions.has(level)) continue;
    const info = model.space.levels[level];
    if (info !== undefined) words.add(info.is === "field" ? (FIELD_WORDS[info.field] ?? info.field) : info.about);
  }
  return [...words];
}
