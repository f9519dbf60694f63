import { expect, test } from "vitest";
import { asBash, interpreterOf } from "./interpreter.ts";

test.each([
  ["#!/bin/bash\n", ["/bin/bash"], "told"],
  ["#! /bin/bash -e -u\n", ["/bin/bash", "-e -u"], "told"],
  ["#!/usr/bin/env bash", ["/usr/bin/env", "bash"], "told"],
  ["#!/usr/bin/env -S X=1 bash -e\n", ["/usr/bin/env", "-S X=1 bash -e"], "told"],
  ["#!/bin/bash --posix\n", ["/bin/bash", "--posix"], "found"],
  ["#!/bin/bash -ep\n", ["/bin/bash", "-ep"], "found"],
  ["#!/bin/sh -e\n", ["/bin/sh", "-e"], "found"],
  ["#!/usr/bin/dash\t\n", ["/usr/bin/dash"], "found"],
  ["#!/usr/bin/perl -w\n", ["/usr/bin/perl", "-w"], "unknown"],
  ["iptables -F\n", ["/bin/sh"], "found"],
  ["", ["/bin/sh"], "found"],
])("%j is run by %j, its lines are %s", (text, words, lines) => expect(interpreterOf(text)).toEqual({ words, lines }));

test.each([
  ["\x7fELF\x02\0", /no text/],
  ["#!/bin/sh\r\niptables -F\r\n", /CR LF.*\/bin\/sh\^M/],
  ["#!  \n", /names no interpreter/],
])("%j cannot run", (text, sentence) => expect(interpreterOf(text)).toMatch(sentence));

test("bash takes the options of the other shell along", () => {
  expect(asBash({ words: ["/bin/sh", "-e"], lines: "found" })).toEqual(["bash", "-e"]);
  expect(asBash({ words: ["/bin/sh", "-o posix"], lines: "found" })).toEqual(["bash"]);
});
