import { describe, expect, it } from "vitest";
import { contentDigest } from "../../../src/datasets/fetch/contentDigest.js";

/*
 * mkdir -p d/sub && cd d && printf one > b.txt && printf two > a.txt && printf three > sub/B.txt && printf four > sub/a.txt
 * find . -type f -printf '%P\n' | LC_ALL=C sort | while read -r p; do echo "$p $(sha256sum < "$p" | cut -d' ' -f1)"; done | sha256sum
 * cd sub, and the same; sha256sum < b.txt and so on for the files
 */
const FILES = [
  { path: "b.txt", sha256: "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed" },
  { path: "a.txt", sha256: "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3" },
  { path: "sub/a.txt", sha256: "04efaf080f5a3e74e1c29d1ca6a48569382cbbcd324e8d59d2b83ef21c039f00" },
  { path: "sub/B.txt", sha256: "8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f" },
];

describe("contentDigest", () => {
  it("is that of the sorted lines, whatever the order of the files", () => {
    expect(contentDigest(FILES)).toBe("5c0a8110addbef1bc9207e06f3328453594c23311fd8188b12d2070f854aecfc");
    expect(contentDigest([...FILES].reverse())).toBe(
      "5c0a8110addbef1bc9207e06f3328453594c23311fd8188b12d2070f854aecfc",
    );
  });

  it("takes a folder by itself, with paths relative to it", () => {
    expect(contentDigest(FILES, "sub")).toBe("b3f619310a2ea6ead076d8283a09c262ac499420fa9503e771d1b20544d99360");
    expect(contentDigest(FILES, "su")).toBe(contentDigest([]));
  });
});
