import { servicePort, serviceName } from "../packet/index.ts";
import type { NameTables } from "../xtables/index.ts";

/** Debian's base users: `name:id`. */
const USERS =
  "root:0 daemon:1 bin:2 sys:3 sync:4 games:5 man:6 lp:7 mail:8 news:9 uucp:10 proxy:13 www-data:33 backup:34 list:38 irc:39 _apt:42 nobody:65534";

/** Debian's base groups: `name:id`. */
const GROUPS =
  "root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 voice:22 cdrom:24 floppy:25 tape:26 " +
  "sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534";

const table = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text.split(" ").map((entry): [string, number] => [entry.slice(0, entry.indexOf(":")), Number(entry.slice(entry.indexOf(":") + 1))]),
  );

const reversed = (names: ReadonlyMap<string, number>): ReadonlyMap<number, string> =>
  new Map([...names].map(([name, id]): [number, string] => [id, name]));

const users = table(USERS);
const groups = table(GROUPS);

const userNames = reversed(users);
const groupNames = reversed(groups);

/** What a Debian machine knows before anyone is added to it: base users and groups, and its services database. */
export const defaultNames: NameTables = {
  user: name => users.get(name),
  group: name => groups.get(name),
  service: servicePort,
  serviceName,
  userName: uid => userNames.get(uid),
  groupName: gid => groupNames.get(gid),
};
