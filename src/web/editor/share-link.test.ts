import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LINK_MAX, readLink, TEXT_MAX, writeLink, type Shared } from "./share-link.ts";

const linkOf = (value: unknown): string =>
  `#f1=${deflateRawSync(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url")}`;

test("a link holds what was put into it, whatever the texts", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.string({ unit: "binary" }),
      fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      async (name, rules4, sets, question) => {
        const shared: Shared = { name, texts: { rules4, ...(sets !== "" && { sets }) }, ...(question !== undefined && { question }) };
        expect(await readLink(`#${await writeLink(shared)}`)).toEqual(shared);
      },
    ),
  );
});

test("a link is made of characters that no program changes", async () => {
  expect(await writeLink({ name: "n", texts: { rules4: "*filter\nCOMMIT\n".repeat(500) } })).toMatch(/^f1=[A-Za-z0-9_-]{20,200}$/);
});

describe("what is no link of ours is none", () => {
  for (const hash of ["", "#", "#view=trace", "#token=abc", "#f=1", "#f1"])
    test(hash, async () => expect(await readLink(hash)).toBeUndefined());
});

describe("links that say nothing are refused with a reason", () => {
  const rows: readonly (readonly [what: string, hash: string, reason: string])[] = [
    ["a later version", "#f2=abc", "the link was made by a later version of this page"],
    ["strange characters", "#f1=ab%cd", "the link is damaged: it holds characters that do not belong there"],
    ["nothing", "#f1=", "the link is damaged: it holds characters that do not belong there"],
    ["no deflate", "#f1=_____w", "the link is damaged, or a part of it is missing"],
    [
      "cut",
      linkOf({ name: "n", rules4: "x".repeat(50) + "abc".repeat(90) }).slice(0, -9),
      "the link is damaged, or a part of it is missing",
    ],
    ["no JSON", linkOf("*filter"), "the link is damaged: it holds no texts"],
    ["a list", linkOf([]), "the link holds no texts"],
    ["null", linkOf(null), "the link holds no texts"],
    ["no text", linkOf({ name: "n", rules4: 4 }), "the link holds no texts"],
    ["only a prototype", linkOf('{"__proto__":{"rules4":"x"}}'), "the link holds no texts"],
    ["too long", `#f1=${"A".repeat(LINK_MAX + 1)}`, "the link is longer than 4,000,000 characters"],
  ];
  for (const [what, hash, reason] of rows) test(what, async () => await expect(readLink(hash)).rejects.toThrow(reason));
});

test("a link that unfolds to more than anybody's rules is given up at the limit", async () => {
  const bomb = linkOf(`{"rules4":"${" ".repeat(TEXT_MAX + 1_000_000)}"}`);
  expect(bomb.length).toBeLessThan(200_000);
  await expect(readLink(bomb)).rejects.toThrow("the link unfolds to more than 64,000,000 bytes");
});

test("a panel may be named behind the contents", async () => {
  expect(await readLink(`#${await writeLink({ name: "n", texts: { rules4: "x" } })}&view=policy`)).toEqual({
    name: "n",
    texts: { rules4: "x" },
  });
});

test("a name that is missing or endless does no harm", async () => {
  expect((await readLink(linkOf({ rules4: "x" })))?.name).toBe("a shared ruleset");
  expect((await readLink(linkOf({ rules4: "x", name: "n".repeat(9999) })))?.name).toHaveLength(200);
  expect((await readLink(linkOf({ rules4: "x", name: "n", question: "q".repeat(99_999) })))?.question).toHaveLength(20_000);
});
