/** First bytes of pcap files (both byte orders, micro- and nanoseconds) and of pcapng files, as hexadecimal digits. */
const MAGIC: ReadonlySet<string> = new Set(["a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1", "a1b2cd34", "34cdb2a1", "0a0d0d0a"]);
/** How gzip begins: no text that the page takes does, so Replay looks into it. */
const GZIP = "1f8b";

/** Is a file a capture? Its first bytes say so. */
export async function isCapture(file: Blob): Promise<boolean> {
  const bytes = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const start = [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("");
  return MAGIC.has(start) || start.startsWith(GZIP);
}
