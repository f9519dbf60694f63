import { readFileSync } from "node:fs";
import { defaultNames } from "../syntax/index.ts";
import type { NameTables } from "../xtables/index.ts";

/** The names that rules may use as this machine knows them: its users and groups, and the services that every machine has. */
export function machineNames(): NameTables {
  const users = ids("/etc/passwd");
  const groups = ids("/etc/group");
  if (users.size === 0 || groups.size === 0) return defaultNames;
  const userNames = new Map([...users].map(([name, id]) => [id, name]));
  const groupNames = new Map([...groups].map(([name, id]) => [id, name]));
  return {
    ...defaultNames,
    user: name => users.get(name),
    group: name => groups.get(name),
    userName: uid => userNames.get(uid),
    groupName: gid => groupNames.get(gid),
  };
}

/** The third field of each line, by the first. */
function ids(path: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return found;
  }
  for (const line of text.split("\n")) {
    const [name = "", , id = ""] = line.split(":");
    if (name !== "" && /^\d+$/.test(id) && !found.has(name)) found.set(name, Number(id));
  }
  return found;
}
