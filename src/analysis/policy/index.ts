/** What a firewall allows: sessions as tables of services and classes of addresses, and the packets that stray. */
export { type MatrixQuestion, type ServiceMatrix } from "./matrix.ts";
export { matricesOf, policyOf, type MatrixOptions, type PolicyOptions } from "./policy.ts";
