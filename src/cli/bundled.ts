#!/usr/bin/env node
// The bundle's entry.
import { setFlagsFromString } from "node:v8";
import { load } from "./chunks.ts";

// V8 compiles what runs often on another thread. Most commands are over before that pays: with its own measure of often they cost half as much again.
// Only Node 20 knows the flag; others complain of it. It waits until the parts are loaded, as what V8 made of them, and of Node's, is for no flags.
if (process.version.startsWith("v20.")) setImmediate(() => setFlagsFromString("--interrupt-budget=1000000"));
load("main.cjs");
