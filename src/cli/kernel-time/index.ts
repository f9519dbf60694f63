/** What the kernel of this machine takes for one packet, measured in a network namespace of its own. */
export { timedByKernel } from "./timed.ts";
