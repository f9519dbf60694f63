import { hasPorts, printNotation, type PacketSpec } from "../packet/index.ts";
import type { Family, Field, Scalar, Value } from "../predicate/index.ts";
import { lengthsOf, LOCAL_DESTINATION, ORDINARY_MSS, type Sample } from "../symbolic/index.ts";
import type { WitnessWish } from "./witness-wish.ts";

/** A sample in the packet notation. `asked` are the fields that it speaks of besides those that every packet is told by. */
export function packetText(
  family: Family,
  { fields, conditions }: Sample,
  { path, kind, shape, state }: WitnessWish,
  asked: ReadonlySet<Field>,
): string {
  const fixed = new Map<Field, Value>(shape ?? kind?.opener ?? []);
  const of = (field: Field): Value => (fixed.has(field) ? fixed.get(field) : fields.get(field));
  const number = (field: Field): number | undefined => {
    const value = of(field);
    return value === undefined || typeof value === "string" ? undefined : Number(value);
  };
  const protocol = kind?.protocol ?? number("protocol") ?? 6;
  const around = <Key extends keyof PacketSpec>(key: Key, field: Field): Partial<PacketSpec> => {
    const value = asked.has(field) ? number(field) : undefined;
    return value === undefined ? {} : { [key]: value };
  };
  const address = (field: Field): Scalar => {
    const value = fields.get(field) as Scalar;
    return family === 4 ? Number(value) : BigInt(value);
  };
  const ports = hasPorts(protocol);
  const icmp = protocol === (family === 4 ? 1 : 58);
  const name = (field: "iif" | "oif"): string | undefined => {
    const value = fields.get(field);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const input = path === "out" ? undefined : path === "local" ? undefined : name("iif");
  // A packet to this machine that NAT sends on is told by where it comes in alone.
  const redirected = path === "forward" && conditions.some(({ about, holds }) => holds && about === LOCAL_DESTINATION);
  const output = path === "in" || redirected ? undefined : path === "local" ? "lo" : name("oif");
  const mark = number("mark");
  const mac = fields.get("mac");
  const ttl = number("ttl");
  const tos = number("tos");
  const length = number("length");
  const [least] = lengthsOf(family, protocol, shape ?? kind?.opener ?? []);
  const uid = path === "out" || path === "local" ? number("uid") : undefined;
  const gid = path === "out" || path === "local" ? number("gid") : undefined;
  const spec: PacketSpec = {
    session: false,
    family,
    protocol,
    source: { address: address("saddr"), ...(ports && { port: number("sport") ?? 40000 }) },
    destination: { address: address("daddr"), ...(ports && { port: number("dport") ?? 0 }) },
    ...(protocol === 6 && { tcpFlags: number("tcpflags") ?? 2 }),
    ...(icmp && { icmp: { type: number("icmptype") ?? (family === 4 ? 8 : 128), code: number("icmpcode") ?? 0 } }),
    ...(input !== undefined && { in: input }),
    ...(output !== undefined && { out: output }),
    ...(mark !== undefined && mark !== 0 && { mark }),
    ...(mac !== undefined && path !== "out" && path !== "local" && { mac: Number(mac) }),
    ...(ttl !== undefined && ttl !== 64 && { ttl }),
    ...(tos !== undefined && tos !== 0 && { tos }),
    ...(length !== undefined && asked.has("length") && { length: Math.max(length, least) }),
    ...(uid !== undefined && asked.has("uid") && { uid }),
    ...(gid !== undefined && asked.has("gid") && { gid }),
    ...((asked.has("mss") || asked.has("tcpoptions")) && protocol === 6 && number("tcpflags") === SYN && { mss: ORDINARY_MSS[family] }),
    ...around("inGroup", "indevgroup"),
    ...around("outGroup", "outdevgroup"),
    ...around("cpu", "cpu"),
    ...around("cgroup", "cgroup"),
    ...(state !== undefined && { ctState: state }),
  };
  return printNotation(spec);
}

/** The flag of TCP that opens. */
const SYN = 2;
