import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { protocolNumber, serviceName, servicePort } from "../packet/index.ts";
import type { Family } from "../predicate/index.ts";
import {
  bindMatch,
  UsageError,
  type Given,
  type Hook,
  type Match,
  type NameTables,
  type PlaceContext,
  type TableName,
} from "../xtables/index.ts";
import { MATCHES } from "./index.ts";

/**
 * What iptables 1.8.9 (legacy, Linux 6.18) made of a rule: exit status, then the first line of its error, or the saved words
 * from the first match on, the listing with -n, the listing without, and what it warned of.
 */
type Measured =
  | readonly [
      family: Family,
      table: TableName,
      chain: Hook,
      rule: string,
      status: 0,
      saved: string,
      numeric: string,
      named: string,
      warned?: string,
    ]
  | readonly [family: Family, table: TableName, chain: Hook, rule: string, status: 1 | 2, error: string];

const MEASURED = JSON.parse(readFileSync(new URL("./matches/measured.json", import.meta.url), "utf8")) as readonly Measured[];

const USERS = ["root", "daemon", "bin", "sys", "sync", "games"] as const;
const names: NameTables = {
  user: name => (name === "www-data" ? 33 : index(USERS, name)),
  group: name => (name === "www-data" ? 33 : index(["root", "daemon", "bin"], name)),
  userName: uid => (uid === 33 ? "www-data" : USERS[uid]),
  groupName: gid => (gid === 33 ? "www-data" : (["root", "daemon", "bin"] as const)[gid]),
  service: servicePort,
  serviceName,
};

function index(known: readonly string[], name: string): number | undefined {
  const found = known.indexOf(name);
  return found < 0 ? undefined : found;
}

/** Words of a rule as a shell splits them, as far as the measured rules go. */
function split(rule: string): string[] {
  return [...rule.matchAll(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_, double?: string, single?: string) => single ?? double?.replaceAll(/\\(["\\])/g, "$1") ?? "",
    ),
  );
}

interface Bound {
  readonly matches: readonly Match[];
  readonly place: PlaceContext;
  readonly warned: readonly string[];
}

function typeOf(name: string, family: Family): (typeof MATCHES)[number] {
  const type = MATCHES.find(known => (known.name === name || known.aliases?.includes(name)) && (known.families ?? [4, 6]).includes(family));
  if (!type) throw new UsageError(`Couldn't load match \`${name}':No such file or directory`);
  return type;
}

/** Enough of a command line for the measured rules: -p, -m and the options of matches, of which -p loads one where it must. */
function bind(family: Family, table: TableName, chain: Hook, rule: string): Bound {
  const words = split(rule);
  let protocol = "all";
  let protocolInverted = false;
  let invert = false;
  const loaded: { type: (typeof MATCHES)[number]; given: Given[] }[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "!") {
      invert = true;
      continue;
    }
    if (word === "-p") [protocol, protocolInverted] = [words[++i] ?? "", invert];
    else if (word === "-m") loaded.push({ type: typeOf(words[++i] ?? "", family), given: [] });
    else {
      const wanted = word.replace(/^--/, "");
      const option = (type: (typeof MATCHES)[number]) =>
        type.options.options[wanted] ?? Object.values(type.options.options).find(each => each.aliases?.includes(wanted));
      let owner = loaded.findLast(({ type }) => option(type));
      if (!owner && !/^\d+$/.test(protocol)) {
        const type = MATCHES.find(
          known => (known.name === protocol.toLowerCase() || known.aliases?.includes(protocol)) && known.protocols && option(known),
        );
        if (type) loaded.push((owner = { type, given: [] }));
      }
      if (!owner) {
        const type = MATCHES.find(known => known.protocols?.includes(Number(protocol)) && option(known));
        if (type) loaded.push((owner = { type, given: [] }));
      }
      const found = owner && option(owner.type);
      if (!owner || !found) throw new UsageError(`unknown option "${word}"`);
      const bare = /^[^-!]/.test(words[i + 1] ?? "") ? 1 : 0;
      const taken = !found.value ? 0 : found.arity === "optional" ? bare : (found.arity ?? 1);
      const text = words.slice(i + 1, i + 1 + taken).join(" ");
      i += taken;
      owner.given.push({ option: wanted, text, invert });
    }
    invert = false;
  }
  const number = protocol === "all" ? 0 : (protocolNumber(protocol) ?? Number(protocol));
  const place: PlaceContext = {
    family,
    table,
    protocol: number,
    protocolName: protocol,
    protocolInverted,
    inInterface: "",
    outInterface: "",
    matches: loaded.map(({ type }) => type.name),
    hooks: new Set([chain]),
  };
  const warned: string[] = [];
  const read = { family, protocol, names, warn: (message: string) => warned.push(message) };
  return { matches: loaded.map(({ type, given }) => bindMatch(type, given, place, read)), place, warned };
}

function outcome([family, table, chain, rule, , , , , warned]: Measured): readonly unknown[] {
  try {
    const bound = bind(family, table, chain, rule);
    if (bound.matches.some(match => match.check(bound.place) !== undefined)) return [1];
    const list = (numeric: boolean): string =>
      bound.matches
        .map(match => match.list({ numeric, names }))
        .join(" ")
        .trim();
    const saved = bound.matches.map(match => match.save).join(" ");
    return [0, saved, list(true), list(false), ...(warned === undefined ? [] : bound.warned.filter(message => message === warned))];
  } catch (fault) {
    if (!(fault instanceof UsageError)) throw fault;
    return [fault.status, fault.message];
  }
}

describe("iptables 1.8.9 agrees", () => {
  test.each(MEASURED.map((row, number) => ({ row, name: `${number}: ${row[0]} ${row[3]}` })))("$name", ({ row }) => {
    const expected = row[4] === 1 ? [1] : row.slice(4);
    expect(outcome(row)).toEqual(expected);
  });
});
