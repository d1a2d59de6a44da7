import { render } from "preact";
import { App } from "./app";
import "./styles/console.css";

const container = document.getElementById("app");
if (container === null) throw new Error("the page has no #app");
render(<App />, container);
