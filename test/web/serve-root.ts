/** A root with everything in it that a root may hold, and short words for asking about it. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf } from "../../src/cli/serve/token.ts";
import type { ApiFault } from "../../src/report/serve/index.ts";
import { bench, type Bench, type Told } from "./serve-client.ts";

export const RULES = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";
export const OTHER: string = RULES.replace("22", "2222");

/** A server of that root. */
export interface RootBench extends Bench {
  open(path: string): Promise<Told>;
  save(path: string, body: string | Uint8Array, headers: Readonly<Record<string, string>>): Promise<Told>;
  /** Everything around the root and in it, with its content, to see that nothing else has changed. */
  everything(): Readonly<Record<string, string>>;
}

/** Links lead out of it, to a file and a folder beside it and to the machine's own; one leads nowhere but inside. */
export async function rootBench(): Promise<RootBench> {
  const served = await bench({
    files: {
      "a.rules": RULES,
      "sub/deep/b.v6": RULES,
      "sub/start.sh": "#!/bin/sh\niptables -A INPUT -j DROP\n",
      "sets.ipset": "create bad hash:ip family inet\nadd bad 192.0.2.1\n",
      "host.json": '{"ferrule": "host", "version": 1, "interfaces": []}',
      "dump.txt": "-P INPUT DROP\n-A INPUT -j ACCEPT\n",
      "listing.txt": "Chain INPUT (policy DROP)\ntarget     prot opt source               destination\n",
      "notes.txt": "nothing of interest",
      "backup.sh": "#!/bin/sh\ntar c /etc\n",
      "binary.rules": "*filter\0\n",
      ".hidden.rules": RULES,
      ".git/a.rules": RULES,
      "node_modules/a.rules": RULES,
    },
  });
  writeFileSync(join(served.outside, "secret.rules"), RULES);
  mkdirSync(join(served.outside, "elsewhere"));
  writeFileSync(join(served.outside, "elsewhere", "secret.rules"), RULES);
  symlinkSync(join(served.outside, "secret.rules"), join(served.root, "link.rules"));
  symlinkSync("/etc/passwd", join(served.root, "passwd.rules"));
  symlinkSync(join(served.outside, "elsewhere"), join(served.root, "away"));
  symlinkSync("a.rules", join(served.root, "inside.rules"));
  symlinkSync("/", join(served.root, "slash"));
  return {
    ...served,
    open: path => served.ask(callFor(path)),
    save: (path, body, headers) => served.ask(callFor(path), { method: "PUT", body, headers }),
    everything: () => contents(served.outside),
  };
}

/** The call for a file. */
export const callFor = (path: string): string => `/api/file?path=${encodeURIComponent(path)}`;

/** Why something was refused; undefined where it was not. */
export const codeOf = ({ json }: Told): string | undefined => (json as ApiFault | undefined)?.error?.code;

/** The condition of a save over a content, and of one that makes a new file. */
export const knowing = (content: string): Readonly<Record<string, string>> => ({ "If-Match": `"${hashOf(content)}"` });
export const NEW: Readonly<Record<string, string>> = { "If-None-Match": "*" };

function contents(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true });
  const inside = entries.flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return Object.entries(contents(path));
    return entry.isFile() ? [[path, readFileSync(path, "latin1")] as const] : [];
  });
  return Object.fromEntries(inside);
}
