import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitRevision, withoutCredentials } from "../src/run/gitRevision.js";
import { temporaryFolder } from "./support.js";

describe("gitRevision", () => {
  const place = temporaryFolder();
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e@x", ...args], {
      cwd: place.folder,
      encoding: "utf8",
    }).trim();
  beforeAll(() => {
    git("init", "-q", "-b", "trunk");
  });
  afterAll(() => place.remove());

  it("is unknown without a commit, then says commit, branch, address and whether tracked files differ", () => {
    expect(gitRevision(place.folder)).toBeUndefined();
    writeFileSync(path.join(place.folder, "a.txt"), "1");
    git("add", "a.txt");
    git("commit", "-q", "-m", "one");
    const commit = git("rev-parse", "HEAD");
    expect(gitRevision(place.folder)).toEqual({ commit, branch: "trunk", dirty: false });
    writeFileSync(path.join(place.folder, "new.txt"), "untracked");
    mkdirSync(path.join(place.folder, "deep"));
    git("remote", "add", "upstream", "https://ann:pa55@host.example/team/repo.git");
    expect(gitRevision(path.join(place.folder, "deep"))).toEqual({
      ...{ commit, branch: "trunk", dirty: false },
      repositoryUrl: "https://host.example/team/repo.git",
    });
    writeFileSync(path.join(place.folder, "a.txt"), "2");
    git("checkout", "-q", "--detach");
    expect(gitRevision(place.folder)).toMatchObject({ commit, dirty: true });
    expect(gitRevision(place.folder)).not.toHaveProperty("branch");
  });

  it("an address loses its credentials and nothing else", () => {
    // The examples of MLflow's `_strip_credentials_from_url`, and a password with "@".
    expect(withoutCredentials("https://user:token@host/path")).toBe("https://host/path");
    expect(withoutCredentials("https://token@host:8443/a@b.git?x=1")).toBe("https://host:8443/a@b.git?x=1");
    expect(withoutCredentials("https://u:p@ss@host/x")).toBe("https://host/x");
    expect(withoutCredentials("git@github.com:org/repo.git")).toBe("git@github.com:org/repo.git");
    expect(withoutCredentials("/srv/git/repo.git")).toBe("/srv/git/repo.git");
  });
});
