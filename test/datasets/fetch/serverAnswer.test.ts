import { describe, expect, it } from "vitest";
import { networkFailure, Passing, Refused } from "../../../src/datasets/fetch/failures.js";
import {
  contentRange,
  ifRange,
  sameVersion,
  statusFailure,
  validatorsOf,
} from "../../../src/datasets/fetch/serverAnswer.js";

describe("answers of a server", () => {
  // RFC 9110, 14.4: its own examples of the field, and what is none.
  it.each([
    ["bytes 42-1233/1234", { start: 42, total: 1234 }],
    ["bytes 42-1233/*", { start: 42 }],
    ["bytes */1234", { total: 1234 }],
    ["bytes 42-1233", {}],
    ["seconds 1-2/3", {}],
    ["", {}],
  ])("reads Content-Range: %s", (text, expected) => {
    expect(contentRange(new Headers({ "content-range": text }))).toEqual(expected);
  });

  it("goes on by strong ETags and dates only", () => {
    expect(ifRange({ etag: '"a"', lastModified: "then" })).toBe('"a"');
    expect(ifRange({ etag: 'W/"a"', lastModified: "then" })).toBe("then");
    expect(ifRange({ etag: 'W/"a"' })).toBeUndefined();
    expect(ifRange({})).toBeUndefined();
    expect(validatorsOf(new Headers({ etag: '"a"', "content-encoding": "gzip" }))).toEqual({});
    expect(validatorsOf(new Headers({ etag: '"a"', "content-encoding": "identity" }))).toEqual({ etag: '"a"' });
  });

  it("tells versions apart by what both state", () => {
    expect(sameVersion({ etag: '"a"' }, { etag: '"a"' })).toBe(true);
    expect(sameVersion({ etag: '"a"' }, { etag: '"b"' })).toBe(false);
    expect(sameVersion({ lastModified: "then" }, { etag: '"b"' })).toBe(true);
    expect(sameVersion({ etag: '"a"', lastModified: "then" }, { etag: '"a"', lastModified: "now" })).toBe(false);
  });

  it("waits as long as it is asked to, within two minutes", () => {
    const wait = (after: string) => {
      const failure = statusFailure(new Response(null, { status: 503, headers: { "retry-after": after } }), 1_000_000);
      return failure instanceof Passing ? failure.waitMs : "refused";
    };
    expect([wait("7"), wait("9999"), wait(""), wait("soon")]).toEqual([7000, 120_000, undefined, undefined]);
    expect(wait("Thu, 01 Jan 1970 00:16:50 GMT")).toBe(10_000);
    expect(wait("Thu, 01 Jan 1970 00:00:00 GMT")).toBe(0);
    expect(statusFailure(new Response(null, { status: 403 }))).toBeInstanceOf(Refused);
  });

  it("tells what will not pass from what may", () => {
    const failed = (code: string) =>
      networkFailure(new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) }));
    for (const code of [
      "CERT_HAS_EXPIRED",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "ENOTFOUND",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ]) {
      expect(failed(code)).toBeInstanceOf(Refused);
      expect(failed(code).message).toContain(code);
    }
    expect(failed("CERT_HAS_EXPIRED").message).toContain("its certificate has expired");
    for (const code of ["ECONNRESET", "EAI_AGAIN", "HPE_INVALID_CONSTANT"])
      expect(failed(code)).toBeInstanceOf(Passing);
    const several = Object.assign(new AggregateError([Object.assign(new Error("a"), { code: "ETIMEDOUT" })]), {
      code: "x",
    });
    expect(networkFailure(new TypeError("fetch failed", { cause: several })).message).toContain("ETIMEDOUT");
  });
});
