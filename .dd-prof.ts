import { readFileSync } from "node:fs";
import { readRules } from "./src/syntax/index.ts";
import { familyModel } from "./src/analysis/model.ts";
import { sessionLayer, strayLayers } from "./src/analysis/diff/layers.ts";
const read=(p:string)=>{const r=readRules(readFileSync(p,"utf8"),p,{lenient:true}); if(!r.ruleset){console.error(r.faults.slice(0,3));process.exit(1);} return r.ruleset;};
let t=performance.now(); const lap=(s:string)=>{const n=performance.now();console.error(s,(n-t).toFixed(0),"ms",(process.memoryUsage().rss/1e6).toFixed(0),"MB",m?.space.diagrams.size);t=n;};
let m:any;
const a=read(process.argv[2]!),b=read(process.argv[3]!);lap("parse");
m=familyModel(4,[{v4:a},{v4:b}],{});lap("model");
for(const path of ["in","out","forward","local"] as const){
 for(const i of [0,1]){ m.sessions[i].packets(path); lap(`${path} packets ${i}`); m.sessions[i].on(path); lap(`${path} on ${i}`);}
 sessionLayer(m,path); lap("session layer"); strayLayers(m,path); lap("strays");
}
