import { createSocket } from "node:dgram";
import { once } from "node:events";

/** Sends datagrams with so many bytes each to port 9 of 192.0.2.1, which is this machine, and waits until they have come. */
export async function datagrams(count: number, bytes: number): Promise<void> {
  const [to, from] = [createSocket("udp4"), createSocket("udp4")];
  to.bind(9, "192.0.2.1");
  await once(to, "listening");
  for (let index = 0; index < count; index++) {
    from.send(new Uint8Array(bytes), 9, "192.0.2.1");
    await once(to, "message");
  }
  to.close();
  from.close();
}
