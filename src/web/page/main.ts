import { hearAbout } from "./answering.js";
import { bindControls } from "./controls.js";
import { hearMeasured } from "./measuring.js";
import type { FromWorker } from "./messages.js";
import { fetched, loading, ready, refused } from "./modelPanel.js";
import { measured, showSpeed } from "./precisions.js";
import { watchDevices } from "./recorder.js";
import { problem } from "./saying.js";
import { viewer } from "./showing.js";
import { ask, hearMeter, hearWorker } from "./workers.js";

function hear(data: FromWorker): void {
  if (data.type === "ready") ready(data.model);
  else if (data.type === "refused") refused(data.message);
  else if (data.type === "loading") loading(data.what, data.fraction);
  else if (data.type === "speed") showSpeed(data.precision, data.msPerSecond);
  else if (data.type === "measured") measured();
  else if (data.type === "fetched") void fetched();
  else if (data.type === "failedPrecision") problem(`${data.precision} cannot be used: ${data.message}`);
  else if (data.type === "seen" || data.type === "notSeen") viewer.looking.hear(data);
  else hearAbout(data);
}

hearWorker(hear, (why) => refused(`The page's worker has failed: ${why}. Reload the page.`));
hearMeter(hearMeasured);
bindControls();
watchDevices();
ask({ type: "load", base: new URL(".", location.href).href });
