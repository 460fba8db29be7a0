import { part } from "./elements.js";

/** Takes files that are dropped anywhere on the page; a sheet over it says so while they are carried. */
export function bindDropping(take: (files: File[]) => void): void {
  const sheet = part("drop");
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    sheet.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) sheet.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    sheet.hidden = true;
    if (!holdsFiles(event)) return;
    event.preventDefault();
    take([...event.dataTransfer!.files]);
  });
}
