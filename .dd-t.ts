import { readRules } from "./src/syntax/index.ts"; import { conditionKeys } from "./src/symbolic/index.ts";
const r=readRules('*filter\n:OUTPUT DROP [0:0]\n-A OUTPUT -m string --string "x y" --algo bm -j ACCEPT\nCOMMIT\n','x',{}).ruleset!;
console.log([...conditionKeys(r).values()]);
