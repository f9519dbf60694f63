#!/usr/bin/env node
// The bundle's entry.
import { setFlagsFromString } from "node:v8";
import { load } from "./chunks.ts";

/**
 * V8 compiles what runs often on another thread. Most commands are over before that pays: with its own measure of often they cost up to half as
 * much again. Each Node has its own flag for that, and complains of those that it does not know.
 */
const OFTEN: Readonly<Record<string, string>> = {
  v20: "--interrupt-budget=1000000",
  v22: "--invocation-count-for-turbofan=20000",
  v24: "--invocation-count-for-turbofan=50000",
};
const flag = OFTEN[process.version.split(".")[0] ?? ""];
// It waits until the parts are loaded: what V8 made of them, and of Node's own, is for no flags.
if (flag !== undefined) setImmediate(() => setFlagsFromString(flag));
load("main.cjs");
