import { render } from "preact";
import { App } from "./app/app.tsx";
import { startApp } from "./app/start.ts";

startApp();
render(<App />, document.querySelector("#app") as HTMLElement);
