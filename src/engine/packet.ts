import { lookupFor, setLabel } from "./connection-lookup.ts";
import { readField } from "./fields.ts";
import { PacketState } from "./packet-state.ts";
import type { ConnectionLookup, Facts, Field, Value } from "../predicate/index.ts";

/** A packet on its way through the hooks, as rules may ask it. */
export class Packet extends PacketState implements Facts {
  /** Bound, because steps of extensions take it out of their argument. */
  readonly value = (field: Field): Value => readField(this, field);

  /** The connection table as conditions ask it. */
  get connections(): ConnectionLookup {
    return lookupFor(this);
  }

  /** Kernel: nf_conntrack_labels.c, nf_connlabel_set. */
  setLabel(bit: number): boolean {
    return setLabel(this, bit);
  }

  setMark(mark: number): void {
    this.mark = mark;
  }

  /** A second packet with the same bytes and state, as skb_clone and pskb_copy make it. */
  copy(): Packet {
    const copy = new Packet(this.bytes.slice(), this.layout, this.router, this.now, this);
    copy.in = this.in;
    copy.out = this.out;
    copy.connection = this.connection;
    copy.info = this.info;
    copy.hook = this.hook;
    copy.gateway = this.gateway;
    copy.route = this.route;
    copy.destinedTo = this.destinedTo;
    copy.cameIn = this.cameIn;
    copy.answer = this.answer;
    copy.clone = this.clone;
    copy.looped = this.looped;
    copy.template = this.template;
    copy.checksum = this.checksum;
    copy.fragMaxSize = this.fragMaxSize;
    copy.fragDontFragment = this.fragDontFragment;
    copy.pieces = this.pieces;
    copy.reassembledAt = this.reassembledAt;
    copy.sumStale = this.sumStale;
    copy.sumValid = this.sumValid;
    copy.summed = this.summed;
    copy.realm = this.realm;
    copy.assigned = this.assigned;
    return copy;
  }
}
