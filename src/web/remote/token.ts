/** Where the token is kept while the tab lives, so that the page may be loaded again. */
const KEY = "ferrule serve token";

/** What of the browser is needed. */
export interface Surroundings {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
  readonly storage: { getItem(key: string): string | null; setItem(key: string, value: string): void; removeItem(key: string): void };
}

/**
 * The token that the address brought, or that this tab has kept from before; undefined for none. It is taken out of the address, so that
 * nobody copies it, or sees it over a shoulder; the rest of the fragment stays.
 */
export function takeToken({ location, history, storage }: Surroundings): string | undefined {
  const parts = location.hash.slice(1).split("&");
  const brought = parts.find(part => part.startsWith("token="))?.slice("token=".length);
  if (brought === undefined) return kept(storage);
  const rest = parts.filter(part => !part.startsWith("token=")).join("&");
  history.replaceState(null, "", `${location.pathname}${location.search}${rest === "" ? "" : `#${rest}`}`);
  if (!/^[\w-]{16,64}$/.test(brought)) return kept(storage);
  try {
    storage.setItem(KEY, brought);
  } catch {
    // Without storage the token lasts until the page is loaded again.
  }
  return brought;
}

/** Forgets a token that no longer opens anything. */
export function forgetToken({ storage }: Pick<Surroundings, "storage">): void {
  storage.removeItem(KEY);
}

function kept(storage: Surroundings["storage"]): string | undefined {
  try {
    return storage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}
