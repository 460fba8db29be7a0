import { Command } from "commander";
import { dataCheckCommand } from "./data/check.js";
import { dataDemoCommand } from "./data/demo.js";

/** `auscult data check|demo`. */
export function dataCommand(): Command {
  return new Command("data")
    .description("validate a data set, or make a small made-up one")
    .addCommand(dataCheckCommand())
    .addCommand(dataDemoCommand());
}
