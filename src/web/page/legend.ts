import type { StretchResult } from "../listening/results.js";
import { make, part, say } from "./elements.js";
import type { ListeningModel } from "./messages.js";
import { type Colours, seriesStyle, signPath } from "./seriesStyle.js";

/** Each output with its line, as the plot draws it; values are written in by `showValues`. */
export function makeLegend({ identity }: ListeningModel, colours: Colours): void {
  part("legend").replaceChildren(
    ...identity.outputs.map((output, i) => {
      const { colour, dash, sign } = seriesStyle(colours, i);
      return make("li", {}, sample(colour, dash, signPath(sign, 20, 7, 4.5)), make("span", {}, output), make("output"));
    }),
  );
}

/** Probabilities of the stretch that is pointed at, or the newest. */
export function showValues(result: StretchResult | undefined): void {
  part("legend")
    .querySelectorAll("output")
    .forEach((output, i) => {
      say(output, result ? result.probabilities[i]!.toFixed(2) : "");
    });
}

function sample(colour: string, dash: readonly number[], sign: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const set = (element: Element, given: Record<string, string>) => {
    for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
    return element;
  };
  set(svg, { viewBox: "0 0 40 14", width: "40", height: "14", "aria-hidden": "true" });
  const line = document.createElementNS(svg.namespaceURI, "line");
  set(line, {
    x1: "0",
    x2: "40",
    y1: "7",
    y2: "7",
    stroke: colour,
    "stroke-width": "2",
    "stroke-dasharray": dash.join(" ") || "none",
  });
  const path = document.createElementNS(svg.namespaceURI, "path");
  svg.append(line, set(path, { d: sign, fill: colour }));
  return svg;
}
