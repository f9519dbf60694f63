import nat from "../../../examples/nat-gateway.rules?raw";
import { openDocuments } from "../state/documents.ts";

/** Opens what the page's address holds, or an example. */
export function openFirst(): Promise<void> {
  openDocuments({ rules4: nat }, { name: "NAT gateway", readOnly: undefined });
  return Promise.resolve();
}
