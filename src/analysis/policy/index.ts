/** What a firewall allows: sessions as tables of services and classes of addresses, and the packets that stray. */
export { policyOf, type PolicyOptions } from "./policy.ts";
