/** What is remembered of a connection that SYNPROXY opened. Kernel: nf_conntrack_synproxy.h, struct nf_conn_synproxy. */
export interface Proxied {
  /** The cookie that the client takes for the server's first sequence number. */
  cookie: number;
  /** The timestamp that the client was shown first, and how far the server's are from it. */
  shown: number;
  drift: number;
}
