import { spawn } from "node:child_process";

/** Opens an address in the browser, only where there is a screen; answers whether it tried. Elsewhere nothing happens. */
export function openBrowser(url: string): boolean {
  const mac = process.platform === "darwin";
  // On a server without a screen `xdg-open` would start a browser in the terminal.
  if (!mac && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return false;
  const child = spawn(mac ? "open" : "xdg-open", [url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
  return true;
}
