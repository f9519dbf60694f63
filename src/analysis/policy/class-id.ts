/** The id of a class by its number from 0: `a` to `z`, `aa`, `ab` … */
export function classId(index: number): string {
  let id = "";
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) id = String.fromCharCode(97 + (rest % 26)) + id;
  return id;
}
