/** What NAT made of a packet's ends on its way. */
export interface Changes {
  /** `192.168.1.10:40000` became `198.51.100.2:40000`; undefined where it stayed. */
  readonly source: { readonly from: string; readonly to: string } | undefined;
  readonly destination: { readonly from: string; readonly to: string } | undefined;
}

/** How the ends of a packet differ between how it was sent and how it arrived; both in the packet notation. */
export function changesOf(sent: string, arrived: string | undefined): Changes {
  const before = endsOf(sent);
  const after = arrived === undefined ? undefined : endsOf(arrived);
  const change = (end: "source" | "destination"): Changes["source"] =>
    before && after && before[end] !== after[end] ? { from: before[end], to: after[end] } : undefined;
  return { source: change("source"), destination: change("destination") };
}

/** Source and destination of a packet in the notation. */
export function endsOf(packet: string): { readonly source: string; readonly destination: string } | undefined {
  const words = packet.split(" ");
  const at = words.indexOf(">");
  const source = words[at - 1];
  const destination = words[at + 1];
  return at < 1 || source === undefined || destination === undefined ? undefined : { source, destination };
}
