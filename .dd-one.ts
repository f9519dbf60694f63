import fc from "fast-check";
import { smallRules, plan, changed } from "./test/diff/small-rules.ts";
import { rulesFrom, compared, doubts, ROUTER } from "./test/diff/planted.ts";
const [seed,n,i,h]=process.argv.slice(2).map(Number) as [number,number,number,number];
const [lines,p]=fc.sample(fc.tuple(smallRules,plan),{seed,numRuns:n})[i]!;
console.log(lines.join("\n"),"\n--\n",changed(lines,p).filter(l=>!lines.includes(l)),JSON.stringify(p));
const r=compared(rulesFrom(lines),rulesFrom(changed(lines,p)),h?ROUTER:undefined);
for(const row of r.rows) console.log(row.change,row.path,row.sort,row.services.map(s=>s.name).join(),row.from,row.to,row.certainty, JSON.stringify(row.before.witness),row.before.confirmation,JSON.stringify(row.after.witness),row.after.confirmation);
