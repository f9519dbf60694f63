import { printAddress, protocolName } from "../../packet/index.ts";
import { printFlagTest } from "./flags.ts";
import type { AddressItem, AddressSet, InterfaceSet, PortSet, Question, Service } from "./question.ts";
import { KEYWORDS, looksNumeric } from "./read-addresses.ts";
import { quotedName } from "./words.ts";

/** A question in its canonical words; `readQuestion` reads the same question back. */
export function printQuestion(question: Question): string {
  const { about, family, from, sourcePorts, to, service, in: input, out, states, flags, nat } = question;
  return [
    about === "packets" ? "packets" : "",
    family === undefined ? "" : `ipv${family}`,
    `from ${printAddresses(from)}`,
    sourcePorts ? `port ${printPorts(sourcePorts)}` : "",
    `to ${printAddresses(to)}`,
    printService(service),
    flags ? printFlagTest(flags) : "",
    input ? `in ${printInterfaces(input)}` : "",
    out ? `out ${printInterfaces(out)}` : "",
    states ? `state ${states.join(",")}` : "",
    nat ? `${nat} nat` : "",
  ]
    .filter(part => part !== "")
    .join(" ");
}

const inverted = (invert: boolean, text: string): string => (invert ? `! ${text}` : text);

/** `! 10.0.0.0/8,@admins` */
export const printAddresses = ({ invert, items }: AddressSet): string => inverted(invert, items.map(printItem).join(","));

function printItem(item: AddressItem): string {
  switch (item.is) {
    case "any":
    case "self":
      return item.is;
    case "range":
      return item.low === item.high ? printAddress(item.low) : `${printAddress(item.low)}-${printAddress(item.high)}`;
    case "prefix":
      return `${printAddress(item.address)}/${item.length}`;
    case "set":
      return `@${quotedName(item.name)}`;
    case "net":
      return `net(${quotedName(item.interface)})`;
    case "name":
      return quotedName(item.name, looksNumeric(item.name) ? [item.name.toLowerCase()] : KEYWORDS);
  }
}

/** `22,8000-8100` */
export const printPorts = ({ invert, ranges }: PortSet): string =>
  inverted(invert, ranges.map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`)).join(","));

/** `eth0,wan+` */
export const printInterfaces = ({ invert, names }: InterfaceSet): string =>
  inverted(
    invert,
    names.map(({ name, start }) => (start ? `${name}+` : quotedName(name, name.endsWith("+") ? [name.toLowerCase()] : []))).join(","),
  );

/** `tcp 22`, `icmp echo-request` as `icmp 8`, `ping`; empty for any service. */
export function printService(service: Service): string {
  switch (service.is) {
    case "any":
      return "";
    case "ping":
      return "ping";
    case "icmp":
      return [
        service.family === 4 ? "icmp" : "icmpv6",
        ...(service.type === undefined ? [] : [`${service.type}${service.code === undefined ? "" : `/${service.code}`}`]),
      ].join(" ");
    case "protocols": {
      const names = service.protocols
        .map(protocol => (PLAIN.has(protocol) ? `${protocol}` : (protocolName(protocol) ?? `${protocol}`)))
        .join(",");
      return service.ports ? `${names} ${printPorts(service.ports)}` : names;
    }
  }
}

/** Printed as numbers: their names read as something else. */
const PLAIN: ReadonlySet<number> = new Set([1, 58]);
