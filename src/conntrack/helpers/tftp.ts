import { PROTOCOL, u16 } from "../../packet/index.ts";
import { expectation } from "../expectation.ts";
import { followMaster } from "../follow-master.ts";
import { refuse, type Helper, type Sight } from "../helper.ts";
import { NAT_MASK } from "./nat-mask.ts";

/** TFTP: the server answers a request from a port of its own (nf_conntrack_tftp.c, nf_nat_tftp.c). */
export const tftp: Helper = {
  name: "tftp",
  families: [4, 6],
  protocol: PROTOCOL.UDP,
  port: 69,
  policies: () => [{ name: "tftp", most: 1, seconds: 300 }],
  watch: () => ({ help }),
};

const READ = 1;
const WRITE = 2;

function help(sight: Sight): "accept" | "drop" {
  const { carrier, connection, tracker, l4, now } = sight;
  const at = l4 + 8;
  if (at + 2 > carrier.layout.totalLength) return "accept";
  const opcode = u16(carrier.bytes, at);
  if (opcode !== READ && opcode !== WRITE) return "accept";
  const [original, reply] = connection.tuples;
  const foreseen = expectation(connection, {
    protocol: PROTOCOL.UDP,
    source: reply.source,
    destination: reply.destination,
    destinationPort: reply.destinationPort,
  });
  if (connection.status & NAT_MASK) {
    foreseen.savedPort = original.sourcePort;
    foreseen.direction = 1;
    foreseen.arrive = followMaster(tracker);
  }
  return tracker.expectations.enter(foreseen, now) === "entered" ? "accept" : refuse(sight, "the transfer cannot be expected");
}
