import type { Path } from "../../analysis/index.ts";
import type { Family } from "../../predicate/index.ts";
import type { GridAxis } from "../../report/index.ts";

/** A service in the notation of questions: what is said of the client's ports, and of the service. */
export interface AskedService {
  readonly clientPorts: string;
  readonly service: string;
}

/** The question that a cell answers: one end are the column's addresses, the other those that the path has. */
export function cellQuestion(
  { family, path }: { readonly family: Family; readonly path: Path },
  axis: GridAxis,
  { clientPorts, service }: AskedService,
  column: string,
): string {
  const client = axis === "clients" && path !== "local" ? column : path === "out" || path === "local" ? "self" : "any";
  const server = axis === "servers" && path !== "local" ? column : path === "in" || path === "local" ? "self" : "any";
  return `ipv${family} from ${client}${clientPorts} to ${server} ${service}`.trim();
}
