import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { program } from "../src/cli/program.ts";
import { ferrule } from "./faults/command-line.ts";

/** The command line as a person or a script meets it: exit statuses, words on stderr, JSON, colours, pipes, completion, the manual page. */

const RULES = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";
const SSH = "tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0";
const TELNET = "tcp 203.0.113.9:40000 > 198.51.100.2:23 syn in eth0";
const COMMANDS = (await program()).commands.map(command => command.name());
/** Commands whose words are Ferrule's own; the tools have iptables' and ipset's. */
const OWN = COMMANDS.filter(name => !name.startsWith("ip"));
const ESC = String.fromCodePoint(27);
/** Right-to-left override: what follows it is shown backwards. */
const BIDI = String.fromCodePoint(0x202e);

let folder = "";
const at = (name: string): string => join(folder, name);
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(at(name), content);
  return at(name);
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ferrule-cli-"));
  put("v4", RULES);
  put("v6", RULES.replace("22", "80"));
  put("syn.pcap", capture(SYN));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An IPv4 SYN from 203.0.113.9:40000 to 198.51.100.2:22 with right checksums. */
const SYN = Uint8Array.from("4500002800010000400641fccb007109c63364029c400016000000010000000050020400ffff0000".match(/../g) ?? [], pair =>
  Number.parseInt(pair, 16),
);

/** A pcap file of raw IP packets, a second apart. */
function capture(...packets: Uint8Array[]): Uint8Array {
  const words = (...values: number[]): number[] =>
    values.flatMap(value => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]);
  const header = words(0xa1b2c3d4, 0x00040002, 0, 0, 65535, 101);
  return Uint8Array.from([
    ...header,
    ...packets.flatMap((packet, second) => [...words(second + 1, 0, packet.length, packet.length), ...packet]),
  ]);
}

/** `ferrule` as a process of its own, for what only a process has: standard input, colours, pipes. */
function processOf(
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): { status: number | null; stdout: string; stderr: string } {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
  return spawnSync(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...args], {
    encoding: "utf8",
    input: options.input ?? "",
    env: { ...env, ...options.env },
    timeout: 60_000,
  });
}

describe("exit status", () => {
  test.each<[number, string[]]>([
    [0, ["--version"]],
    [0, ["--help"]],
    [0, ["help", "trace"]],
    [2, []],
    [2, ["shwo"]],
    [0, ["show", "v4"]],
    [0, ["show", "v4", "--list", "-x", "--no-numeric", "--no-verbose", "--no-line-numbers"]],
    [0, ["show", "v4", "--specs"]],
    [2, ["show"]],
    [2, ["show", "absent"]],
    [2, ["show", "."]],
    [2, ["show", "v4", "--family", "5"]],
    [2, ["show", "v4", "--bogus"]],
    [2, ["show", "v4", "extra"]],
    [0, ["trace", "v4", SSH]],
    [1, ["trace", "v4", TELNET]],
    [1, ["trace", "v4", SSH, TELNET]],
    [0, ["trace", "v4", `session ${SSH}`]],
    [1, ["trace", "v4", `session ${TELNET}`]],
    [2, ["trace", "v4"]],
    [2, ["trace", "v4", "tcp nonsense"]],
    [2, ["trace", "v4", ""]],
    [2, ["trace", "v4", "--if", "=", SSH]],
    [2, ["trace", "v4", "--host", "absent", SSH]],
    [0, ["replay", "v4", "syn.pcap"]],
    [0, ["replay", "v4", "syn.pcap", "--counters"]],
    [0, ["replay", "v4", "syn.pcap", "--connections"]],
    [2, ["replay", "v4"]],
    [2, ["replay", "v4", "absent.pcap"]],
    [2, ["replay", "v4", "v6"]],
    [2, ["replay", "v4", "syn.pcap", "--top", "many"]],
    [0, ["extensions"]],
    [0, ["extensions", "tcp"]],
    [2, ["extensions", "tpc"]],
    [0, ["completion", "bash"]],
    [2, ["completion", "tcsh"]],
    [2, ["completion"]],
  ])("%i for ferrule %j", async (status, words) => {
    const files = ["v4", "v6", "absent", "absent.pcap", "syn.pcap", "."];
    const said = await ferrule(...words.map(word => (files.includes(word) ? at(word) : word)));
    expect(said.status, said.stderr).toBe(status);
    if (status === 2) expect(said.stderr.length + said.stdout.length, "says why").toBeGreaterThan(0);
    else expect(said.stderr).toBe("");
  });
});

describe("what is wrong is shown where it stands, with a guess", () => {
  test.each<[what: string, rule: string, place: string, message: string, caret: string, guess: string]>([
    ["an option", "-A INPUT -p tcp --dprot 22 -j ACCEPT", "2:17", "--dprot", `${" ".repeat(16)}${"^".repeat(7)}`, "did you mean --dport?"],
    ["a target", "-A INPUT -j ACCPT", "2:10", "ACCPT", `${" ".repeat(9)}${"^".repeat(8)}`, "did you mean ACCEPT?"],
    ["a match", "-A INPUT -m conntrak --ctstate NEW", "2:10", "conntrak", `${" ".repeat(9)}${"^".repeat(11)}`, "did you mean conntrack?"],
  ])("%s", async (what, rule, place, message, caret, guess) => {
    const file = put(what, `*filter\n${rule}\nCOMMIT\n`);
    const { status, stdout, stderr } = await ferrule("show", file);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    const [first, source, marks, last] = stderr.split("\n");
    expect(first).toMatch(new RegExp(`:${place}: .*${message}`, "u"));
    expect([source, marks, last]).toEqual([`  ${rule}`, `  ${caret}`, `  ${guess}`]);
  });

  test("a packet", async () => {
    const { status, stderr } = await ferrule("trace", at("v4"), SSH.replace("syn", "snn"));
    expect(status).toBe(2);
    expect(stderr.split("\n")[2]?.indexOf("^")).toBe(2 + SSH.indexOf("syn"));
  });

  test.each([
    ["shwo", "show"],
    ["traec", "trace"],
  ])("the command %s", async (typed, meant) => {
    expect((await ferrule(typed)).stderr).toContain(`Did you mean ${meant}?`);
  });
});

describe("JSON", () => {
  const docs = readFileSync("docs/json.md", "utf8");
  /** The fields that the first column of a section's tables names, `tables[].chains[]` as `tables`, `chains`. */
  const documented = (heading: string): string[] => {
    const section = docs.split("\n## ").find(part => part.startsWith(heading)) ?? "";
    return [...section.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = ""]) => [...cell.matchAll(/[A-Za-z]+/g)].map(([name]) => name));
  };
  const keys = (value: unknown): string[] =>
    Array.isArray(value)
      ? value.flatMap(keys)
      : typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => [key, ...keys(inner)])
        : [];
  const parsed = async (...args: string[]): Promise<Record<string, unknown>> =>
    JSON.parse((await ferrule(...args)).stdout) as Record<string, unknown>;
  const missing = (heading: string, ...documents: unknown[]): string[] => {
    const found = new Set(documents.flatMap(keys));
    return documented(heading).filter(name => !found.has(name));
  };

  test("show", async () => {
    const document = await parsed("show", at("v4"), "--json");
    expect(document).toMatchObject({ ferrule: "ruleset", version: 1, family: 4 });
    expect(missing("`show", document)).toEqual([]);
    const both = (await ferrule("show", at("v4"), "--v6", at("v6"), "--json")).stdout;
    expect(both.match(/"family": [46]/g)).toEqual(['"family": 4', '"family": 6']);
  });

  test("trace", async () => {
    const document = await parsed("trace", at("v4"), "--json", SSH, `session ${TELNET}`);
    expect(document).toMatchObject({
      ferrule: "trace",
      version: 1,
      packets: [{ verdict: "delivered" }, { complete: false, clientSees: "ETIMEDOUT" }],
    });
    expect(missing("`trace", document)).toEqual([]);
    const rule = keysOfEvent(document, "rule");
    expect(["table", "chain", "number", "matched", "failed", "field", "value", "why", "hotdrop"].filter(key => !rule.has(key))).toEqual([]);
    const kinds = [...docs.matchAll(/Events are told apart by `event`: ([^.]*)\./g)].flatMap(([, list = ""]) =>
      [...list.matchAll(/`([\w-]+)`/g)].map(([, kind]) => kind),
    );
    const events = (document["packets"] as { events?: { event: string }[] }[]).flatMap(({ events: list = [] }) =>
      list.map(({ event }) => event),
    );
    expect(
      events.filter(event => !kinds.includes(event)),
      "events that docs/json.md does not name",
    ).toEqual([]);
  });

  function keysOfEvent(document: Record<string, unknown>, kind: string): ReadonlySet<string> {
    const found = new Set<string>();
    const walk = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      if ((value as { event?: unknown }).event === kind) for (const key of Object.keys(value)) found.add(key);
      for (const inner of Object.values(value)) walk(inner);
    };
    walk(document);
    return found;
  }

  test("replay", async () => {
    const document = await parsed("replay", at("v4"), at("syn.pcap"), "--json", "--counters", "--connections");
    expect(document).toMatchObject({ ferrule: "replay", version: 1 });
    expect(missing("`replay", document)).toEqual([]);
  });

  test("extensions", async () => {
    const document = await parsed("extensions", "tcp", "--json");
    expect(document).toMatchObject({ ferrule: "extensions", version: 1, extensions: [{ kind: "match", name: "tcp", families: [4, 6] }] });
    expect(keys(document)).toEqual(expect.arrayContaining(["help", "options", "usage", "aliases", "words"]));
  });

  test("host", async () => {
    const { status, stdout, stderr } = await ferrule("host");
    if (status === 2 && /cannot run/.test(stderr)) {
      console.log("skipped: ferrule host, because this machine has no ip command");
      return;
    }
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(document).toMatchObject({ ferrule: "host", version: 1 });
    expect(Object.keys(document)).toEqual(expect.arrayContaining(["interfaces", "routes", "rules", "sysctls"]));
    const file = put("host.json", stdout);
    expect((await ferrule("trace", at("v4"), "--host", file, SSH.replace("eth0", "lo"))).stderr).toBe("");
  });

  test("every command that promises --json names its document in docs/json.md", async () => {
    for (const command of OWN.filter(name => name !== "completion" && name !== "shims")) {
      expect((await ferrule(command, "--help")).stdout).toContain("--json");
      expect(docs).toMatch(new RegExp(`^## \`${command}`, "m"));
    }
  });
});

describe("options of every command that reads rules", () => {
  test("--v6 adds the IPv6 rules", async () => {
    const v6 = "tcp [2001:db8::9]:40000 > [2001:db8::1]:80 syn in eth0";
    expect((await ferrule("trace", at("v4"), "--v6", at("v6"), v6)).status).toBe(0);
    expect((await ferrule("trace", at("v4"), "--v6", at("v6"), v6.replace(":80", ":81"))).status).toBe(1);
    expect((await ferrule("show", at("v4"), "--v6", at("v6"))).stdout.match(/--dport \d+/g)).toEqual(["--dport 22", "--dport 80"]);
  });

  test("--family says what a text that fits both is", async () => {
    expect(JSON.parse((await ferrule("show", at("v4"), "--family", "6", "--json")).stdout)).toMatchObject({ family: 6 });
  });

  test("--lenient keeps what is unknown, and without it that is an error that names it", async () => {
    const file = put("unknown", "*filter\n-A INPUT -m frobnicate --level 3 -j ACCEPT\nCOMMIT\n");
    const strict = await ferrule("show", file);
    expect(strict).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("frobnicate") });
    expect(await ferrule("show", file, "--lenient")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("-m frobnicate --level 3 -j ACCEPT"),
    });
  });

  test("--old-syntax takes -s ! ADDRESS", async () => {
    const file = put("old", "*filter\n-A INPUT -s ! 192.0.2.1 -j DROP\nCOMMIT\n");
    expect((await ferrule("show", file)).status).toBe(2);
    expect(await ferrule("show", file, "--old-syntax")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("-A INPUT ! -s 192.0.2.1/32 -j DROP"),
    });
  });

  test("show of show is the same text", async () => {
    for (const name of readdirSync("examples").filter(file => !file.endsWith(".json"))) {
      const once = await ferrule("show", join("examples", name));
      expect(await ferrule("show", put("again", once.stdout))).toMatchObject({ status: 0, stdout: once.stdout });
    }
  });
});

test("nothing is written when anything is wrong", async () => {
  const rules = put("half", "*filter\n-A INPUT -j ACCEPT\nCOMMIT\n*nat\n-A POSTROUTING -j SNAT\nCOMMIT\n");
  const out = at("out.pcap");
  for (const args of [
    ["replay", rules, at("syn.pcap"), "-w", out],
    ["replay", at("v4"), at("absent.pcap"), "-w", out],
    ["replay", at("v4"), at("v6"), "-w", out],
    ["replay", at("v4"), at("syn.pcap"), "-w", out, "--in", "eth7", "--if", "eth0=198.51.100.2/24"],
  ]) {
    expect(await ferrule(...args), args.join(" ")).toMatchObject({ status: 2, stdout: "" });
    expect(readdirSync(folder).filter(name => name.startsWith("out.pcap"))).toEqual([]);
  }
  expect((await ferrule("show", rules)).stdout).toBe("");
});

test("names in rules and packets cannot steer the terminal", async () => {
  const comment = `${ESC}[31mred ${BIDI}kcab`;
  const file = put(
    "hostile",
    `*filter\n:INPUT DROP [0:0]\n-A INPUT -m comment --comment "${comment}" -j LOG --log-prefix "${ESC}]0;owned "\n-A INPUT -i "e${ESC}[2J" -j DROP\nCOMMIT\n`,
  );
  const tell = [
    ["trace", file, TELNET],
    ["trace", file, "-a", `session ${TELNET}`],
    ["trace", file, TELNET, "--json"],
    ["show", file, "--json"],
    ["replay", file, at("syn.pcap")],
    ["replay", file, at("syn.pcap"), "--json"],
    ["trace", file, `tcp ${ESC}[31m > ${BIDI}`],
    ["show", `${file}${ESC}[31m`],
    ["show", file, `--${ESC}[31m`],
    [`${ESC}[31m`],
  ];
  for (const args of tell) {
    const { stdout, stderr } = await ferrule(...args);
    for (const text of [stdout, stderr])
      expect({ args, hostile: text.includes(ESC) || text.includes(BIDI), text }).toMatchObject({ hostile: false });
  }
});

describe("as a process", () => {
  test("reads rules from standard input, and faults say <stdin>", () => {
    expect(processOf(["show", "-"], { input: RULES })).toMatchObject({
      status: 0,
      stderr: "",
      stdout: expect.stringContaining("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"),
    });
    expect(processOf(["show", "-"], { input: "*filter\n-A INPUT -j\n" })).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringContaining("<stdin>:2:"),
    });
  });

  test.each<[boolean, Record<string, string>]>([
    [false, {}],
    [false, { NO_COLOR: "1" }],
    [true, { FORCE_COLOR: "1" }],
  ])("colours into a pipe: %s with %o", (coloured, env) => {
    expect(processOf(["trace", at("v4"), SSH], { env }).stdout.includes(ESC)).toBe(coloured);
  });

  test("a reader that goes away early is no error", async () => {
    const many = put("many", `*filter\n${"-A INPUT -p tcp --dport 22 -j ACCEPT\n".repeat(20_000)}COMMIT\n`);
    const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", "show", many], { stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (part: Buffer) => (stderr += part.toString()));
    child.stdout.once("data", () => child.stdout.destroy());
    const status = await new Promise<number | null>(resolve => child.once("close", resolve));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});

describe("completion", () => {
  const has = (program: string): boolean => spawnSync(program, ["-c", "exit 0"]).status === 0;
  const without = (shell: string): boolean => {
    if (has(shell)) return false;
    console.log(`skipped: completion in ${shell}, because it is not installed`);
    return true;
  };

  test("bash", async ({ skip }) => {
    if (without("bash")) return skip();
    const script = put("completion.bash", (await ferrule("completion", "bash")).stdout);
    put("a file.rules", RULES);
    const complete = (...words: string[]): string[] => {
      const line = `source "$1"; shift; cd "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ferrule; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout, stderr } = spawnSync("bash", ["-c", line, "bash", script, folder, "ferrule", ...words], { encoding: "utf8" });
      expect(stderr.replace(/.*compopt: not currently executing.*\n/g, "")).toBe("");
      return stdout.split("\n").filter(word => word !== "");
    };
    expect(complete("")).toEqual([...COMMANDS, "help", "--help", "--version"]);
    expect(complete("extensions", "connm")).toEqual(["connmark"]);
    expect(complete("extensions", "MASQ")).toEqual(["MASQUERADE"]);
    expect(complete("tr")).toEqual(["trace"]);
    expect(complete("show", "--fa")).toEqual(["--family"]);
    expect(complete("show", "--family", "")).toEqual(["4", "6"]);
    expect(complete("show", "--family", "=", "6")).toEqual(["6"]);
    expect(complete("show", "--family", "=")).toEqual(["4", "6"]);
    expect(complete("trace", "--v6", "a f")).toEqual(["a file.rules"]);
    expect(complete("show", "sy")).toEqual(["syn.pcap"]);
    expect(complete("trace", "v4", "--rou", "")).not.toContain("--route");
    expect(complete("trace", "--route", "")).toEqual([]);
    expect(complete("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(complete("help", "re")).toEqual(["replay"]);
    expect(complete("replay", "--")).toEqual(expect.arrayContaining(["--write", "--counters", "--help"]));
  });

  test("fish", async ({ skip }) => {
    if (without("fish")) return skip();
    const script = put("completion.fish", (await ferrule("completion", "fish")).stdout);
    const complete = (line: string): string[] => {
      const { stdout, stderr } = spawnSync(
        "fish",
        ["--no-config", "-c", "source $argv[1]; cd $argv[2]; complete -C $argv[3]", script, folder, line],
        { encoding: "utf8", env: { ...process.env, HOME: folder } },
      );
      expect(stderr).toBe("");
      return stdout
        .split("\n")
        .filter(word => word !== "")
        .map(word => word.split("\t")[0] ?? "");
    };
    expect(complete("ferrule tr")).toEqual(["trace"]);
    expect(complete("ferrule show --fa")).toEqual(["--family"]);
    expect(complete("ferrule show --family ")).toEqual(["4", "6"]);
    expect(complete("ferrule completion ").toSorted()).toEqual(["bash", "fish", "zsh"]);
    expect(complete("ferrule show syn")).toEqual(["syn.pcap"]);
  });

  test("zsh", async ({ skip }) => {
    if (without("zsh")) return skip();
    const script = put("_ferrule", (await ferrule("completion", "zsh")).stdout);
    expect(spawnSync("zsh", ["-fn", script], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    // A terminal inside zsh types the line and presses Tab; what stands on the line then was completed.
    const type = `
zmodload zsh/zpty
zpty -b z zsh -f -i
zpty -w z "fpath=($2 \\$fpath); autoload -Uz compinit; compinit -u -D; cd $2; unsetopt automenu"
zpty -w z "print rea''dy"
repeat 200; do zpty -rt z line && out+=$line; [[ $out == *ready* ]] && break; sleep 0.05; done
zpty -n -w z "$3"$'\\t'
out=
repeat 100; do zpty -rt z line && out+=$line; [[ $out == *$4* ]] && break; sleep 0.05; done
zpty -d z
print -r -- "$out"`;
    const completes = (line: string, rest: string): void => {
      const { stdout } = spawnSync("zsh", ["-f", "-c", type, "zsh", script, folder, line, rest], {
        encoding: "utf8",
        env: { ...process.env, TERM: "dumb", HOME: folder },
        timeout: 30_000,
      });
      expect(stdout, `${line} and Tab`).toContain(rest);
    };
    completes("ferrule tr", "trace");
    completes("ferrule show --fam", "family");
    completes("ferrule show --family ", "6");
    completes("ferrule replay v4 syn", "syn.pcap");
  });
});

test("the manual page names every command and option, and troff takes it without a word", async ({ skip }) => {
  const page = readFileSync("share/man/ferrule.1", "utf8").replaceAll("\\-", "-");
  for (const command of COMMANDS) expect(page).toContain(`.SS ferrule ${command}`);
  for (const command of OWN) {
    for (const [option] of (await ferrule(command, "--help")).stdout.matchAll(/(?<=^ {2}.*)--[a-z][\w-]*(?=.* {2})/gm))
      if (option !== "--help") expect(page, option).toContain(option);
  }
  const groff = spawnSync("groff", ["-man", "-ww", "-Tutf8", "share/man/ferrule.1"], { encoding: "utf8" });
  if (groff.error) {
    console.log("skipped: the manual page in groff, because it is not installed");
    return skip();
  }
  expect(groff.stderr).toBe("");
});
