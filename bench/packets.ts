import { buildPacket, encodeCapture, LINK_TYPE, PcapWriter, TCP_FLAG } from "ferrule/packet";

const SERVER = 0xc6336402;
const PER_SESSION = 8;

/** A capture of `count` packets at a web server: TCP sessions of eight packets each, a tenth of them to a closed port. */
export function manyPackets(count: number): Uint8Array {
  const { SYN, ACK, PSH, FIN } = TCP_FLAG;
  const flags = [SYN, SYN | ACK, ACK, PSH | ACK, PSH | ACK, FIN | ACK, FIN | ACK, ACK];
  const fromClient = [true, false, true, true, false, true, false, true];
  const frames = Array.from({ length: count }, (_, index) => {
    const session = Math.floor(index / PER_SESSION);
    const step = index % PER_SESSION;
    const client = 0xcb007100 + (session % 200);
    const clientPort = 1024 + (session % 60_000);
    const serverPort = session % 10 === 9 ? 3306 : 443;
    const out = fromClient[step] ?? true;
    const bytes = buildPacket({
      family: 4,
      source: out ? client : SERVER,
      destination: out ? SERVER : client,
      transport: {
        kind: "tcp",
        sourcePort: out ? clientPort : serverPort,
        destinationPort: out ? serverPort : clientPort,
        sequence: 1000 + step,
        acknowledgment: step === 0 ? 0 : 1000 + step,
        flags: flags[step] ?? ACK,
      },
    });
    return { time: BigInt(index) * 50_000n, linkType: LINK_TYPE.RAW, frame: bytes };
  });
  return encodeCapture(new PcapWriter({ linkType: LINK_TYPE.RAW }), frames);
}
