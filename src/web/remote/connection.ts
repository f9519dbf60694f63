/** Opens what the server that sent this page was started with; false where there is no such server. */
export function connect(): boolean {
  return false;
}
