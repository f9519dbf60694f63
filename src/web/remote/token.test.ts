import { describe, expect, test } from "vitest";
import { forgetToken, takeToken } from "./token.ts";

const TOKEN = "AbC-_123456789012345zz";

/** A browser's tab: its address and what it keeps. */
function tab(hash: string, kept: Record<string, string> = {}): Parameters<typeof takeToken>[0] & { shown(): string } {
  const store = new Map(Object.entries(kept));
  let address = `/${hash}`;
  return {
    location: { hash, pathname: "/", search: "" },
    history: { replaceState: (_data, _unused, url) => void (address = url) },
    storage: {
      getItem: key => store.get(key) ?? null,
      setItem: (key, value) => void store.set(key, value),
      removeItem: key => void store.delete(key),
    },
    shown: () => address,
  };
}

describe("the token of the address", () => {
  test.each<[hash: string, token: string | undefined, shown: string]>([
    ["", undefined, "/"],
    [`#token=${TOKEN}`, TOKEN, "/"],
    [`#token=${TOKEN}&view=trace`, TOKEN, "/#view=trace"],
    [`#view=trace&token=${TOKEN}`, TOKEN, "/#view=trace"],
    ["#view=trace", undefined, "/#view=trace"],
    ["#token=", undefined, "/"],
    ["#token=short", undefined, "/"],
    ["#token=<script>alert(1)</script>", undefined, "/"],
    [`#rules=token=${TOKEN}`, undefined, `/#rules=token=${TOKEN}`],
  ])("%s", (hash, token, shown) => {
    const browser = tab(hash);
    expect(takeToken(browser)).toBe(token);
    expect(browser.shown()).toBe(shown);
  });

  test("is kept for the tab's next loads until it is forgotten, and a broken one does not take its place", () => {
    const browser = tab(`#token=${TOKEN}`);
    takeToken(browser);
    const later = { ...browser, location: { ...browser.location, hash: "" } };
    expect(takeToken(later)).toBe(TOKEN);
    expect(takeToken({ ...later, location: { ...later.location, hash: "#token=x" } })).toBe(TOKEN);
    forgetToken(later);
    expect(takeToken(later)).toBeUndefined();
  });

  test("is taken where nothing can be kept", () => {
    const deny = (): never => {
      throw new Error("denied");
    };
    const browser = { ...tab(`#token=${TOKEN}`), storage: { getItem: deny, setItem: deny, removeItem: deny } };
    expect(takeToken(browser)).toBe(TOKEN);
    expect(takeToken({ ...browser, location: { ...browser.location, hash: "" } })).toBeUndefined();
  });
});
