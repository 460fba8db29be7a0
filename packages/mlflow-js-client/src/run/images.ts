import { randomUUID } from "node:crypto";
import { MlflowValidationError } from "../errors.js";

export type ImageFormat = "png" | "jpg" | "gif" | "webp" | "svg";

/** The format by the first bytes. Throws `MlflowValidationError` for what is no finished PNG, JPEG, GIF, WebP or SVG. */
export function imageFormat(bytes: Uint8Array): ImageFormat {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpg";
  if (/^GIF8[79]a/.test(head)) return "gif";
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") return "webp";
  if (/^(\xef\xbb\xbf)?\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)/i.test(head) && /<svg[\s>]/i.test(head)) return "svg";
  throw new MlflowValidationError(
    "image",
    "its bytes are neither PNG, JPEG, GIF, WebP nor SVG; pixels must be encoded first",
  );
}

/** The tag that says that a run has images over steps. */
export const loggedImagesTag = "mlflow.loggedImages";

/**
 * The two places of an image over steps, as MLflow's Python client names them: the picture and a smaller one that the page
 * shows first. Throws `MlflowValidationError` for a key that it does not take.
 */
export function steppedImagePlaces(key: string, step: number, time: number, format: ImageFormat): [string, string] {
  if (typeof key !== "string" || !/^[a-zA-Z0-9_\-./ ]+$/.test(key))
    throw new MlflowValidationError(
      `image key "${key}"`,
      "it may hold letters, digits, spaces and _ - . / and nothing else",
    );
  if (format === "svg" || format === "webp")
    throw new MlflowValidationError(
      `image key "${key}"`,
      `MLflow's page shows no ${format} over steps: use PNG or JPEG, or a file name`,
    );
  const stem = `images/${key.replaceAll("/", "~")}+step+${step}+timestamp+${time}+${randomUUID()}`;
  return [`${stem}.${format === "jpg" ? "jpeg" : format}`, `${stem}+compressed.webp`];
}
