import { openDocuments, openings, type Documents } from "../state/documents.ts";

/** A ruleset to begin with. */
export interface Example {
  readonly id: string;
  readonly title: string;
  /** One sentence: what it is and what it shows. */
  readonly about: string;
  load(): Promise<Partial<Documents>>;
}

type Raw = Promise<{ readonly default: string }>;

const texts = async (
  rules4: Raw,
  more: { readonly rules6?: Raw; readonly sets?: Raw; readonly host?: Raw } = {},
): Promise<Partial<Documents>> => ({
  rules4: (await rules4).default,
  ...(more.rules6 && { rules6: (await more.rules6).default }),
  ...(more.sets && { sets: (await more.sets).default }),
  ...(more.host && { host: (await more.host).default }),
});

/** The examples, the first first. */
export const EXAMPLES: readonly Example[] = [
  {
    id: "nat-gateway",
    title: "NAT gateway",
    about: "A home network behind one address, with a web server published on a port.",
    load: () => texts(import("../../../examples/nat-gateway.rules?raw"), { host: import("../../../examples/nat-gateway.host.json?raw") }),
  },
  {
    id: "leaf-node",
    title: "Leaf node",
    about: "A machine on one PPP line; chains check one header field each.",
    load: () => texts(import("../../../examples/leaf-node.rules?raw")),
  },
  {
    id: "web-stateless",
    title: "Stateless web server",
    about: "No connection tracking: look at what strays in.",
    load: () => texts(import("../../../examples/web-stateless.rules?raw")),
  },
  {
    id: "web-stateful",
    title: "Stateful web server",
    about: "The same server with connection tracking.",
    load: () => texts(import("../../../examples/web-stateful.rules?raw")),
  },
  {
    id: "docker",
    title: "Docker host",
    about: "Two containers with published ports, a bridge for each network, and what Docker writes itself.",
    load: () => texts(import("../../../examples/docker.rules?raw"), { host: import("../../../examples/docker.host.json?raw") }),
  },
  {
    id: "kubernetes",
    title: "Kubernetes node",
    about: "Services as kube-proxy writes them: one with two endpoints, a node port, and masquerading by mark.",
    load: () => texts(import("../../../examples/kubernetes.rules?raw"), { host: import("../../../examples/kubernetes.host.json?raw") }),
  },
];

/** Opens an example in place of what is open. Does nothing for an id that none has; rejects when its texts cannot be loaded. */
export async function openExample(id: string): Promise<void> {
  await open(id, () => true);
}

/** Opens an example where nothing is open yet, nor was opened while its texts came. */
export async function openFirstExample(id: string): Promise<void> {
  await open(id, () => openings.peek() === 0);
}

async function open(id: string, isWanted: () => boolean): Promise<void> {
  const example = EXAMPLES.find(each => each.id === id);
  const loaded = await example?.load();
  if (example && loaded && isWanted()) openDocuments(loaded, { name: example.title, readOnly: undefined });
}
