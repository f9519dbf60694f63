import type { Family } from "../predicate/index.ts";
import type { HostFault } from "./fault.ts";
import { ROUTE_TYPES, SCOPES } from "./file-schema.ts";
import { FlagWords } from "./flag-words.ts";
import { TABLE, type Interface, type Route } from "./host.ts";
import { inNetwork, readAddress, readCount, readPrefix, readRealm, readTable } from "./network-text.ts";

type Draft = { -readonly [K in keyof Route]?: Route[K] | undefined };

const NUMBER = "a number";
const ADDRESS = "an address";

/**
 * `--route '[TYPE] NETWORK|default [via ADDRESS] [dev NAME] [src ADDRESS] [metric N] [table T] [scope S] [mtu N] [realm [FROM/]TO]'`, as `ip route add` takes it.
 * Without `dev` the interface whose network holds the gateway. Undefined, with a fault, when it cannot be read.
 */
export function readRouteFlag(text: string, interfaces: readonly Interface[], faults: HostFault[]): Route | undefined {
  const before = faults.length;
  const words = new FlagWords("--route", text, " ", faults);
  const draft: Draft = {};
  let family: Family | undefined;
  if (words.peek()?.text === "-6" || words.peek()?.text === "-4") family = words.take()?.text === "-6" ? 6 : 4;
  const type = ROUTE_TYPES.find(each => each === words.peek()?.text);
  if (type) words.take();
  const to = words.take();
  if (!to) return words.complain(words.whole, "a route needs a network, or default");
  for (let word = words.take(); word; word = words.take()) {
    switch (word.text) {
      case "via":
        draft.gateway = words.value(word, ADDRESS, readAddress)?.address;
        break;
      case "dev":
        draft.device = words.value(word, "an interface that --if names, or lo", name =>
          name === "lo" || interfaces.some(each => each.name === name) ? name : undefined,
        );
        break;
      case "src":
        draft.source = words.value(word, ADDRESS, readAddress)?.address;
        break;
      case "metric":
      case "preference":
        draft.metric = words.value(word, NUMBER, given => readCount(given, 0xffffffff));
        break;
      case "table":
        draft.table = words.value(word, "a routing table: local, main, default or a number", readTable);
        break;
      case "mtu":
        draft.mtu = words.value(word, NUMBER, given => readCount(given, 0xffff));
        break;
      case "scope":
        draft.scope = words.value(word, `a scope: ${SCOPES.join(", ")}`, given => SCOPES.find(scope => scope === given));
        break;
      case "realm":
      case "realms":
        draft.realm = words.value(word, "realms: TO or FROM/TO", readRealm);
        break;
      case "proto":
      case "onlink":
        if (word.text === "proto") words.take();
        break;
      default:
        words.complain(word, `unknown word "${word.text}": expected via, dev, src, metric, table, scope, mtu or realm`);
    }
  }
  const given = draft.gateway ?? draft.source;
  const network = readPrefix(to.text, family ?? (typeof given === "bigint" ? 6 : 4));
  if (!network) return words.complain(to, `"${to.text}" is not a network`);
  for (const address of [draft.gateway, draft.source])
    if (address !== undefined && (typeof address === "bigint" ? 6 : 4) !== network.family)
      words.complain(words.whole, "addresses of both families in one route");
  const through = draft.gateway ?? (draft.device === undefined && (type ?? "unicast") === "unicast" ? network.address : undefined);
  const device = draft.device ?? (through === undefined ? undefined : holder(interfaces, through));
  if (through !== undefined && device === undefined) words.complain(words.whole, "no interface leads there: name one with dev");
  if (faults.length > before) return undefined;
  const { gateway, device: _, ...rest } = draft;
  return {
    family: network.family,
    table: TABLE.MAIN,
    type: type ?? "unicast",
    destination: network.address,
    prefixLength: network.prefixLength,
    metric: network.family === 6 ? 1024 : 0,
    ...defined(rest),
    ...(gateway !== undefined && { gateway }),
    ...(device !== undefined && { device }),
  };
}

/** The interface with the longest network that holds an address; an IPv6 link-local gateway needs `dev`. */
function holder(interfaces: readonly Interface[], address: Route["destination"]): string | undefined {
  const fits = interfaces.flatMap(({ name, addresses }) =>
    addresses
      .filter(own => inNetwork({ ...own, address: own.peer ?? own.address }, address))
      .map(own => ({ name, length: own.prefixLength })),
  );
  return fits.toSorted((a, b) => b.length - a.length)[0]?.name;
}

function defined(draft: Draft): Partial<Route> {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined)) as Partial<Route>;
}
