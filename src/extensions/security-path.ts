import { IPV4_MAX, IPV6_MAX, maskLength } from "../packet/index.ts";
import type { Scalar, SecurityStep } from "../predicate/index.ts";
import { swapped } from "./byte-order.ts";
import type { HostMask, Parsed } from "../xtables/index.ts";

/** What a rule asks of one step of IPsec. Kernel: struct xt_policy_elem. */
export interface SecurityTest {
  readonly reqid?: Parsed<number>;
  readonly spi?: Parsed<number>;
  readonly proto?: Parsed<number>;
  readonly mode?: Parsed<SecurityStep["mode"]>;
  readonly "tunnel-src"?: Parsed<HostMask>;
  readonly "tunnel-dst"?: Parsed<HostMask>;
}

/**
 * Is the path, outermost step first, one of those meant? Strictly, each test must hold for one step and there may be no others, the innermost step
 * for the first test; otherwise one step must pass the first test. Kernel: xt_policy.c, match_policy_in and match_policy_out.
 */
export function isPathMeant(path: readonly SecurityStep[], tests: readonly SecurityTest[], strict: boolean): boolean {
  const first = tests[0] ?? {};
  if (!strict) return path.some(step => isStepMeant(step, first));
  return path.length === tests.length && tests.every((test, i) => isStepMeant(path[path.length - 1 - i], test));
}

/**
 * Kernel: xt_policy.c, match_xfrm_state. iptables hands the SPI over in the machine's byte order, where the kernel has it in the network's, so that on a
 * little-endian machine its bytes are compared the wrong way round.
 */
function isStepMeant(step: SecurityStep | undefined, test: SecurityTest): boolean {
  return (
    step !== undefined &&
    same(test.reqid, step.reqid) &&
    same(test.spi, swapped(step.spi)) &&
    same(test.proto, step.protocol) &&
    same(test.mode, step.mode) &&
    within(test["tunnel-src"], step.source) &&
    within(test["tunnel-dst"], step.destination)
  );
}

const same = <T>(wanted: Parsed<T> | undefined, value: T): boolean => wanted === undefined || (wanted.value === value) !== wanted.invert;

/** An end that is not known is the zero address, as in transport mode. A mask with holes is lost in iptables 1.8.9: all bits count. */
function within(wanted: Parsed<HostMask> | undefined, end: Scalar | undefined): boolean {
  if (wanted === undefined) return true;
  const { address, mask } = wanted.value;
  const whole = maskLength(mask) !== undefined ? mask : typeof mask === "number" ? IPV4_MAX : IPV6_MAX;
  return ((BigInt(end ?? 0) ^ BigInt(address)) & BigInt(whole)) === 0n ? !wanted.invert : wanted.invert;
}
