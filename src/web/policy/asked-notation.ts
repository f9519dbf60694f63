import type { Ranges, ServiceClass } from "../../analysis/index.ts";
import { addressRange } from "../../analysis/names/index.ts";
import { isQuestionFault, readQuestion } from "../../analysis/question/index.ts";
import { hasPorts, protocolName } from "../../packet/index.ts";
import type { AskedService } from "./cell-question.ts";

/** Is a service told only where the client's ports make a difference? */
export const isSpecial = ({ name }: Pick<ServiceClass, "name">): boolean => name.includes(" from port ");

/** More protocols, and more ranges of ports or addresses, make no question that people read. */
const MANY = 40;

/** A service in the notation of questions; undefined for those that it has no words for. */
export function askedService({ name, protocols, ports, sourcePorts, icmpTypes }: ServiceClass): AskedService | undefined {
  const asked = {
    // Other services are about the ports that clients usually have.
    clientPorts: sourcePorts && isSpecial({ name }) ? ` port ${listed(sourcePorts)}` : "",
    service: serviceOf({ name, protocols, ports, icmpTypes }),
  };
  if (asked.service === undefined || [ports, sourcePorts].some(ranges => (ranges?.length ?? 0) > MANY)) return undefined;
  const { clientPorts, service } = asked;
  return isQuestionFault(readQuestion(`from any${clientPorts} to any ${service}`)) ? undefined : { clientPorts, service };
}

function serviceOf({ name, protocols, ports, icmpTypes }: Omit<ServiceClass, "sourcePorts">): string | undefined {
  if (name === "ping") return "ping";
  if (name === "everything") return "";
  const numbers = protocols.flatMap(([low, high]) =>
    Array.from({ length: Number(high) - Number(low) + 1 }, (_, index) => Number(low) + index),
  );
  const [only] = numbers;
  if (icmpTypes) {
    const [types, ...more] = icmpTypes;
    const word = only === 1 ? "icmp" : only === 58 ? "icmpv6" : undefined;
    return numbers.length === 1 && word && types && more.length === 0 && types[0] === types[1] ? `${word} ${types[0]}` : undefined;
  }
  if (numbers.length > MANY || (ports && !numbers.every(hasPorts))) return undefined;
  const names = numbers.map(number => (number === 1 || number === 58 ? `${number}` : (protocolName(number) ?? `${number}`)));
  return `${names.join(",")}${ports ? ` ${listed(ports)}` : ""}`;
}

const listed = (ranges: Ranges): string => ranges.map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`)).join(",");

/** Addresses in the notation of questions; undefined where they are too many ranges. */
export function askedAddresses(ranges: Ranges): string | undefined {
  const texts = ranges.map(addressRange);
  if (texts.length === 1 && (texts[0] === "0.0.0.0/0" || texts[0] === "::/0")) return "any";
  return texts.length > MANY ? undefined : texts.join(",");
}
