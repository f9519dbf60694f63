import fc from "fast-check";
import { smallRules, plan, changed } from "./test/diff/small-rules.ts";
import { rulesFrom, complaint, compared, doubts, ROUTER, shownDifference } from "./test/diff/planted.ts";
import { isEqual } from "./src/analysis/diff/index.ts";
const seed=Number(process.argv[2]??1), n=Number(process.argv[3]??100);
const t=performance.now();
const samples=fc.sample(fc.tuple(smallRules,plan),{seed,numRuns:n});
let eq=0,shown=0,rows=0,doubt=0,bad=0,onlyDiff=0; const first:string[]=[];
for(const [i,[lines,p]] of samples.entries()){ let a,b; try{a=rulesFrom(lines);b=rulesFrom(changed(lines,p));}catch(e:any){console.log("parse",e.message,lines.join("|"));continue;}
 try{
 for(const host of [ROUTER,undefined]){
  if(!isEqual(compared(a,a,host))) {bad++; console.log("self",i);}
  const r=compared(a,b,host); const s=shownDifference(a,b); if(host){ if(s)shown++; if(isEqual(r))eq++; if(s&&isEqual(r)){bad++; console.log("MISSED",i,s,"\n"+lines.join("\n"),"\n=>",JSON.stringify(p));} if(!s&&!isEqual(r)) onlyDiff++;}
  rows+=r.rows.length; const d=doubts(r); doubt+=d.length; for(const x of d) if(first.length<12) first.push(`${i} ${host?"host":"nohost"} ${x}`);
 } }catch(e:any){bad++;console.log("CRASH",i,e.stack?.split("\n").slice(0,6).join("\n"));}
}
console.log({n,eq,shown,onlyDiff,rows,doubt,bad},((performance.now()-t)/1000).toFixed(1)); console.log(first.join("\n"));
