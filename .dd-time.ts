import { readFileSync } from "node:fs";
import { readRules } from "./src/syntax/index.ts";
import { compareFirewalls } from "./src/analysis/diff/index.ts";
const read=(p:string)=>{const r=readRules(readFileSync(p,"utf8"),p,{lenient:true}); if(!r.ruleset){console.error(r.faults.slice(0,3));process.exit(1);} return r.ruleset;};
let t=performance.now(); const lap=(s:string)=>{const n=performance.now();console.error(s,(n-t).toFixed(0),"ms",(process.memoryUsage().rss/1e6).toFixed(0),"MB");t=n;};
const a=read(process.argv[2]!),b=read(process.argv[3]!);lap("parse");
const rep=compareFirewalls({v4:a},{v4:b},{names:["a","b"],limit:40,strict:process.argv[4]==="strict"});lap("compare");
console.log(rep.rows.length,rep.left,rep.undone, rep.rows.map(r=>`${r.change} ${r.path} ${r.about} ${r.services.map(s=>s.name)} ${r.from} > ${r.to} | ${r.before.text} [${r.before.confirmation?.confirmed} ${r.before.confirmation?.reason}] -> ${r.after.text} [${r.after.confirmation?.confirmed} ${r.after.confirmation?.reason}] ${r.certainty.sure||"depends"}`).join("\n"));
