import { Announcer } from "../listening/announcer.js";
import { part, say } from "./elements.js";

/** What is told to who does not see the page, as it comes. */
export const announcer = new Announcer((text) => {
  part("announcer").textContent = text;
});
setInterval(() => announcer.tick(performance.now()), 1000);

/** One line, the same place for all: what the page does at present. */
export function status(text: string): void {
  part("status").classList.remove("bad");
  say(part("status"), text);
}

/** What went wrong, in the same place. */
export function problem(text: string): void {
  say(part("status"), text);
  part("status").classList.add("bad");
}

/** Unless something went wrong that is yet to be read. */
export function statusUnlessBad(text: string): void {
  if (!part("status").classList.contains("bad")) status(text);
}
