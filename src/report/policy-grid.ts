import type { AddressClass, PolicyRow, PolicySection } from "../analysis/policy-report.ts";
import { dependsText, servicesText } from "./policy-words.ts";

/** How far a client gets with a service: to every server address of the section, to some, half a session, or no session at all. */
export type Reach = "all" | "some" | "half-open" | "none";

/** One cell: a service and a class of clients. */
export interface GridCell {
  readonly reach: Reach;
  readonly depends: boolean;
  /** What it says in words, for those who point at it: the servers, the interfaces, the conditions. */
  readonly about: string;
}

/** Services × classes of clients, of one path; of sessions that this machine opens, × classes of servers. */
export interface PolicyGrid {
  readonly services: readonly string[];
  readonly clients: readonly string[];
  /** By service, then by client. */
  readonly cells: readonly (readonly GridCell[])[];
  /** What did not fit. */
  readonly moreServices: number;
  readonly moreClients: number;
}

/** Lines and columns of a picture that people still read. */
const SERVICES_MAX = 120;
const CLIENTS_MAX = 40;

/** The table of a section as a grid; classes of clients that the grid does not tell apart share a column. */
export function policyGrid(section: PolicySection): PolicyGrid {
  const { classes } = section;
  const [usable = [], halfOpen = []] = [section.usable, section.halfOpen].map(rows => (section.path === "out" ? rows.map(turned) : rows));
  const groups = new Map<string, PolicyRow[]>();
  for (const row of [...usable, ...halfOpen]) {
    const name = servicesText(row.services);
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  const columns = gridColumns(section, section.path === "out" ? "servers" : "clients");
  const services = [...groups.keys()].slice(0, SERVICES_MAX);
  const shown = columns.slice(0, CLIENTS_MAX);
  return {
    services,
    clients: shown.map(({ name }) => name),
    cells: services.map(service => shown.map(({ classes: [first] }) => cellOf(groups.get(service) ?? [], first?.id ?? "", classes.length))),
    moreServices: groups.size - services.length,
    moreClients: columns.length - shown.length,
  };
}

/** Of sessions that this machine opens, the other end is the server. */
const turned = (row: PolicyRow): PolicyRow => ({ ...row, clients: row.servers, servers: row.clients, from: row.to, to: row.from });

/** Which end of sessions the columns of a grid stand for. */
export type GridAxis = "clients" | "servers";

/** Addresses at one end of sessions that no row tells apart. */
export interface GridColumn {
  readonly name: string;
  /** One at least. */
  readonly classes: readonly AddressClass[];
}

/** Classes that no row of the section tells apart at one end, together; those that no row names are left out. */
export function gridColumns({ classes, usable, halfOpen }: PolicySection, axis: GridAxis): GridColumn[] {
  const rows = [...usable, ...halfOpen];
  return columnsOf(classes, axis === "clients" ? rows : rows.map(turned));
}

function columnsOf(classes: readonly AddressClass[], rows: readonly PolicyRow[]): GridColumn[] {
  const occurs = new Map<string, number[]>(classes.map(({ id }) => [id, []]));
  for (const [index, { clients }] of rows.entries()) for (const id of clients) occurs.get(id)?.push(index);
  const columns = new Map<string, AddressClass[]>();
  for (const each of classes) {
    const key = (occurs.get(each.id) ?? []).join();
    if (key === "") continue;
    const same = columns.get(key);
    if (same) same.push(each);
    else columns.set(key, [each]);
  }
  return [...columns.values()].map(group => ({ name: columnName(group, classes, rows), classes: group }));
}

function columnName(group: readonly AddressClass[], classes: readonly AddressClass[], rows: readonly PolicyRow[]): string {
  const [first] = group;
  if (group.length === classes.length) return "anywhere";
  // A row that has just these clients has a name for them together.
  const row = rows.find(({ clients }) => clients.length === group.length && group.every(({ id }) => clients.includes(id)));
  if (row && (group.length > 1 || row.from.length < (first?.name.length ?? 0))) return row.from;
  if (group.length === 1) return first?.name ?? "";
  const rest = group.find(({ name }) => name === "everything else");
  return rest?.name ?? `${first?.name ?? ""} and ${group.length - 1} more`;
}

function cellOf(rows: readonly PolicyRow[], client: string, classCount: number): GridCell {
  const here = rows.filter(({ clients }) => clients.includes(client));
  const usable = here.filter(({ kind }) => kind === "usable");
  const servers = new Set(usable.flatMap(row => row.servers));
  const reach =
    here.length === 0 ? "none" : usable.length === 0 ? "half-open" : servers.size >= classCount || usable.some(isWhole) ? "all" : "some";
  const about = here.map(row => {
    const words = [`to ${row.to}`, row.through, row.kind === "half-open" ? "half open" : "", dependsText(row.certainty)];
    return words.filter(word => word !== "").join(", ");
  });
  const best = usable.length > 0 ? usable : here;
  return { reach, depends: best.length > 0 && best.every(({ certainty }) => !certainty.sure), about: about.join("; ") };
}

/** Nobody asks for less than this. */
const isWhole = ({ path, to }: PolicyRow): boolean => to === "anywhere" || (path !== "forward" && to === "self");
