/** What people call services and addresses: `ssh (tcp 22)`, `lan0's network`, `anywhere but 10.0.0.0/8`. Texts are not escaped. */
export { addressNames, addressText, classNames, rangesKey, unionOf, type AddressNames } from "./address.ts";
export { ALL_ADDRESSES, KNOWN_NETWORKS, type NamedRanges } from "./known-networks.ts";
export { portName } from "./known-services.ts";
export { network, ownNames, type Surroundings } from "./own.ts";
export { addressRange, addressRanges, clipped, listText, numberRange, numberRanges } from "./range-text.ts";
export { protocolText, serviceText, type ServiceShape } from "./service.ts";
export { serviceNames, type NamedService } from "./service-list.ts";
export { interfaceText, isOtherInterfaces, OTHER_INTERFACES } from "./interface-text.ts";
export { effectsText, effectText } from "./nat-words.ts";
