import { ensureServer } from "../../src/tracking/localServer.js";

/** Starts the server of the folder in argv, as one of several processes that want it, and prints what it got. */
ensureServer({ mlrunsFolder: process.argv[2]! }).then(
  (server) => console.log(JSON.stringify(server)),
  (error: Error) => console.log(JSON.stringify({ error: error.message })),
);
