/** What begins a line of `ipset save`. */
export const SET_COMMANDS: readonly (readonly [word: string, help: string])[] = [
  ["create", "create NAME TYPE [options]: a set."],
  ["add", "add NAME ENTRY [options]: an entry of a set."],
  ["del", "del NAME ENTRY: takes an entry away."],
];
