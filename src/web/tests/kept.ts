/** Longer files are not kept between visits: a browser gives a page about five million characters. */
const KEPT_MAX = 500_000;

const keyOf = (name: string): string => `ferrule.tests ${name}`;

/** The assertions that were kept for the firewall of this name; empty where there are none, or the browser keeps nothing. */
export function keptAssertions(name: string): string {
  try {
    return localStorage.getItem(keyOf(name)) ?? "";
  } catch {
    return "";
  }
}

/** Keeps assertions for the firewall of this name. */
export function keepAssertions(name: string, text: string): void {
  try {
    if (text.trim() === "" || text.length > KEPT_MAX) localStorage.removeItem(keyOf(name));
    else localStorage.setItem(keyOf(name), text);
  } catch {
    // A browser that keeps nothing loses it with the page, as it does everything else.
  }
}
