import type { Refusal } from "../../ruleset/index.ts";

/** ipset's commands by the names they have in its table. */
export type CommandName =
  | "create"
  | "add"
  | "del"
  | "test"
  | "destroy"
  | "list"
  | "save"
  | "restore"
  | "flush"
  | "rename"
  | "swap"
  | "help"
  | "version"
  | "quit";

const NO_SUCH_SET = "The set with the given name does not exist";

/** What ipset says when the kernel refuses a command. libipset: errcode.c */
const SENTENCES: Readonly<Record<Refusal, string>> = {
  "no set": NO_SUCH_SET,
  "set exists": "Set cannot be created: set with the same name already exists",
  "unknown type": "Kernel error received: set type not supported",
  family: "Protocol family not supported by the set type",
  "too many sets": "Kernel error received: maximal number of sets reached, cannot create more.",
  busy: "Set cannot be destroyed: it is in use by a kernel component",
  "second set": "Sets cannot be swapped: the second set does not exist",
  referenced: "Set cannot be renamed: it is in use by another system",
  "type mismatch": "The sets cannot be swapped: their type does not match",
  exists: "Element cannot be added to the set: it's already added",
  cidr: "The value of the CIDR parameter of the IP address is invalid",
  netmask: "The value of the netmask parameter is invalid",
  markmask: "The value of the markmask parameter is invalid",
  timeout: "Timeout cannot be used: set was created without timeout support",
  counter: "Packet/byte counters cannot be used: set was created without counter support",
  comment: "Comment cannot be used: set was created without comment support",
  skbinfo: "Skbinfo mapping cannot be used: set was created without skbinfo support",
  "invalid argument": "Kernel error received: Invalid argument",
  "no memory": "Kernel error received: Cannot allocate memory",
  protocol: "Kernel error received: ipset protocol error",
  "hash full": "Hash is full, cannot add more elements",
  "null element": "Null-valued element, cannot be stored in a hash type of set",
  "invalid protocol": "Invalid protocol specified",
  "missing protocol": "Protocol missing, but must be specified",
  "range unsupported": 'Range is not supported in the "net" component of the element',
  "whole range": "Invalid range, covers the whole address space",
  "bitmap range": "Element is out of the range of the set",
  "bitmap size": "The range you specified exceeds the size limit of the set type",
  "member unknown": "Set to be added/deleted/tested as element does not exist.",
  "list in list": "Sets with list:set type cannot be added to the set.",
  "reference unknown": "The set to which you referred with 'before' or 'after' does not exist.",
  "reference not in list": "The set to which you referred with 'before' or 'after' is not added to the set.",
};

/** The sentence for a refusal of a command. */
export function refusalSentence(refusal: Refusal, command: CommandName): string {
  if (refusal === "exists" && command === "del") return "Element cannot be deleted from the set: it's not added";
  if (refusal === "set exists" && command === "rename") return "Set cannot be renamed: a set with the new name already exists";
  return SENTENCES[refusal];
}
