import { plantedLaw } from "./test/laws/planted-law.ts";
const t=performance.now();
const from=Number(process.argv[2]??1), n=Number(process.argv[3]??40);
let crash=new Map<string,number>(), seen=0, equal=0, pairs=0; const dis:string[]=[];
for(let s=from;s<from+n;s++){ const t0=performance.now(); try{ const r=plantedLaw({from:s,rulesets:1,packets:60} as any); seen+=r.seen; equal+=r.equal; pairs++; dis.push(...r.disagreements);}catch(e:any){const k=String(e.message).slice(0,80); crash.set(k,(crash.get(k)??0)+1); if(!/not taken/.test(k)) console.log(s,e.stack?.split("\n").slice(0,6).join("\n"));}
 const d=performance.now()-t0; if(d>8000)console.log("slow",s,d|0);}
console.log({pairs,seen,equal,crash,dis},((performance.now()-t)/1000).toFixed(1),"s");
