/** What begins a line of `ipset save`. */
export const SET_COMMANDS: readonly (readonly [word: string, help: string])[] = [
  ["create", "create NAME TYPE [options]: a set."],
  ["add", "add NAME ENTRY [options]: an entry of a set."],
  ["del", "del NAME ENTRY: takes an entry away."],
];

/** The types of sets. ipset(8), SET TYPES. */
export const SET_TYPES: readonly string[] = [
  "hash:ip",
  "hash:net",
  "hash:ip,port",
  "hash:net,port",
  "hash:ip,port,ip",
  "hash:ip,port,net",
  "hash:net,net",
  "hash:net,port,net",
  "hash:net,iface",
  "hash:ip,mark",
  "hash:mac",
  "hash:ip,mac",
  "bitmap:ip",
  "bitmap:ip,mac",
  "bitmap:port",
  "list:set",
];
