import { MlflowError } from "./errors.js";

const names: Record<string, string> = {
  s3: "an S3 bucket",
  s3a: "an S3 bucket",
  r2: "a Cloudflare R2 bucket",
  b2: "a Backblaze B2 bucket",
  gs: "a Google Cloud Storage bucket",
  wasb: "Azure Blob Storage",
  wasbs: "Azure Blob Storage",
  abfs: "Azure Data Lake Storage",
  abfss: "Azure Data Lake Storage",
  dbfs: "the Databricks file system",
  hdfs: "a Hadoop file system",
  viewfs: "a Hadoop file system",
  ftp: "an FTP server",
  sftp: "an SFTP server",
};

/** Why artefacts at that address cannot be reached, and what can be done. Of the address only the scheme is shown: the rest may hold a key. */
export function cloudRefusal(artifactUri: string): MlflowError {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(artifactUri)?.[1]?.toLowerCase() ?? "";
  const store = names[scheme] ?? "a store that this client does not know";
  return new MlflowError(
    `the artefacts of this experiment lie in ${store} (${scheme}://...), to which this client has no way of its own. ` +
      `Start the tracking server with --serve-artifacts and --artifacts-destination ${scheme}://..., so that it passes them on, and use a ` +
      "new experiment (an experiment keeps the place it was made with), or copy the files with the store's own tools",
    0,
    "ARTIFACTS_NOT_SERVED",
  );
}
