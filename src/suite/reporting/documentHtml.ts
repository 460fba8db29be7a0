import { escapeHtml } from "../html.js";
import { reportStyle } from "./reportStyle.js";

/** A whole page around its main part: no network, light and dark, narrow screens and print. */
export function documentHtml(title: string, main: string, { footer = "", scripts = "" } = {}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
${main}
</main>
<footer>${footer}</footer>
${scripts}
</body>
</html>
`;
}
