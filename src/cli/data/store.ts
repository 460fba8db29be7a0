import { Command, InvalidArgumentError } from "commander";
import { pruneStore } from "../../node/featureStore/prune.js";
import { type StoreSurvey, surveyStore } from "../../node/featureStore/survey.js";
import { type VerifiedBuilder, verifyStore } from "../../node/featureStore/verify.js";
import { ProgressLine } from "../progressLine.js";
import { withStopSignal } from "../stopSignal.js";

interface PruneFlags {
  olderThan?: number;
  maxSize?: number;
  builder?: string[];
  dryRun?: boolean;
  json?: boolean;
}

/** `auscult data store list|verify|prune`. */
export function dataStoreCommand(): Command {
  return new Command("store")
    .description("the feature store: time-frequency maps kept in the cache folder")
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(verifyCommand())
    .addCommand(pruneCommand());
}

function listCommand(): Command {
  return new Command("list")
    .description("what is stored, by builder")
    .option("--json", "print it as JSON")
    .action(({ json }: { json?: boolean }) => {
      const survey = surveyStore();
      process.stdout.write(json ? `${JSON.stringify(survey)}\n` : listText(survey));
    });
}

function verifyCommand(): Command {
  return new Command("verify")
    .description("read every stored map; what is damaged is made again when it is next asked for (exit code 1)")
    .option("--json", "print what was found as JSON")
    .action(({ json }: { json?: boolean }) =>
      withStopSignal(async (signal) => {
        const line = new ProgressLine();
        const started = performance.now();
        try {
          const found = await verifyStore(({ done, total }) => {
            const secondsLeft = ((performance.now() - started) / 1000 / done) * (total - done);
            line.show({ phase: "verify", fraction: done / total, secondsLeft, detail: `${done} of ${total} maps` });
          }, signal);
          line.end();
          process.stdout.write(json ? `${JSON.stringify(found)}\n` : verifyText(found));
          if (found.some(isDamaged)) process.exitCode = 1;
        } catch (error) {
          line.end();
          if (!signal.aborted) throw error;
          process.stderr.write("auscult: interrupted; what was found until now is not served any more\n");
          process.exitCode = 130;
        }
      }),
    );
}

function pruneCommand(): Command {
  return new Command("prune")
    .description("remove what serves nobody, and what is named; what a process may be writing to is left alone")
    .option("--older-than <days>", "builders whose maps were not asked for since", amount)
    .option("--max-size <gb>", "then those used longest ago, until no more is left", amount)
    .option("--builder <name>", "builders by name (may repeat)", (name: string, all: string[] = []) => [...all, name])
    .option("--dry-run", "say what would go")
    .option("--json", "print what was removed as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult data store prune --older-than 30 --max-size 10")
    .action(({ olderThan, maxSize, builder, dryRun, json }: PruneFlags) => {
      const pruned = pruneStore({
        ...(olderThan !== undefined && { olderThanDays: olderThan }),
        ...(maxSize !== undefined && { maxBytes: maxSize * 1e9 }),
        ...(builder && { builders: builder }),
        ...(dryRun && { dryRun }),
      });
      if (json) {
        process.stdout.write(`${JSON.stringify(pruned)}\n`);
        return;
      }
      const verb = dryRun ? "would remove" : "removed";
      const lines = pruned.removed.map(({ folder, bytes, why }) => `${verb} ${folder} (${size(bytes)}): ${why}\n`);
      process.stdout.write(`${lines.join("")}${verb} ${size(pruned.bytes)}; ${size(pruned.left)} are left\n`);
    });
}

function listText({ folder, builders, entries, bytes }: StoreSurvey): string {
  if (builders.length === 0) return `${folder}: nothing is stored\n`;
  const rows = builders.map((one) => {
    const remarks = [
      one.builder === undefined && "nothing that can be served: `data store prune` removes it",
      one.dropped > 0 && `${one.dropped} found damaged`,
      one.damagedLines > 0 && `${one.damagedLines} damaged index lines`,
      one.inUse && "in use",
    ].filter(Boolean);
    const counts = `${one.entries.toLocaleString("en").padStart(9)} maps ${size(one.bytes).padStart(9)}`;
    return `  ${one.folder.padEnd(44)}${counts}  used ${one.lastUsed.slice(0, 10)}${remarks.map((text) => `; ${text}`).join("")}\n`;
  });
  return `${folder}: ${entries.toLocaleString("en")} maps, ${size(bytes)}\n${rows.join("")}`;
}

function isDamaged({ builder, damaged, damagedLines }: VerifiedBuilder): boolean {
  return builder === undefined || damaged.length > 0 || damagedLines > 0;
}

function verifyText(found: readonly VerifiedBuilder[]): string {
  if (found.length === 0) return "nothing is stored\n";
  return found
    .map((one) => {
      const { folder, builder, entries, damaged, damagedLines } = one;
      if (builder === undefined) return `${folder}: its record cannot be read; nothing in it is served\n`;
      if (!isDamaged(one)) return `${folder}: ${entries.toLocaleString("en")} maps, all as they were written\n`;
      return `${folder}: of ${entries.toLocaleString("en")} maps ${damaged.length} are damaged, and ${damagedLines} index lines; they are made again when they are next asked for\n`;
    })
    .join("");
}

function amount(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError("A number, 0 or more, is needed.");
}

function size(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
