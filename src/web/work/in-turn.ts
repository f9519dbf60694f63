/** Gives a function that does what it is given as soon as all that it was given before is done, whatever came of that. */
export function queue(): <Done>(act: () => Promise<Done>) => Promise<Done> {
  let before: Promise<unknown> = Promise.resolve();
  return act => {
    const done = before.then(act);
    before = done.catch(() => undefined);
    return done;
  };
}
