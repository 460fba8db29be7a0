import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { fetchTerms } from "../../../src/datasets/fetch/fetchTerms.js";
import type { SourceArchive, SourceList } from "../../../src/datasets/fetch/source.js";
import { fetchSource, fromMirror } from "../../../src/datasets/fetch/sources.js";
import { standingOf } from "../../../src/datasets/fetch/standing.js";
import { UserError } from "../../../src/userError.js";
import { temporaryFolder } from "../sprsound/layoutFixture.js";

const icbhi = fetchSource("icbhi");
const sprsound = fetchSource("sprsound");

function archiveOf(source: typeof icbhi): SourceArchive {
  return source.files.find((file): file is SourceArchive => file.kind === "archive")!;
}

function listOf(saveAs: string): SourceList {
  return icbhi.files.find((file): file is SourceList => file.kind === "list" && file.saveAs === saveAs)!;
}

const lines = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, i) => line(i));

describe("fetchSource", () => {
  it("knows both data sets, and no others", () => {
    expect([icbhi.name, sprsound.name]).toEqual(["icbhi", "sprsound"]);
    expect(() => fetchSource("icbhi2")).toThrow(new UserError('unknown data set "icbhi2"; known: icbhi, sprsound'));
  });

  it("names public addresses only, each file once, every part with files and expectations", () => {
    for (const source of [icbhi, sprsound]) {
      const hosts = new Set(source.files.flatMap((file) => file.addresses).map((address) => new URL(address).host));
      const known = [
        "bhichallenge.med.auth.gr",
        "dataverse.harvard.edu",
        "raw.githubusercontent.com",
        "codeload.github.com",
      ];
      expect([...hosts].filter((host) => !known.includes(host))).toEqual([]);
      expect(new Set(source.files.map(({ name }) => name)).size).toBe(source.files.length);
      const parts = source.files.flatMap((file) => (file.kind === "list" ? [file.part] : file.parts));
      expect(new Set(parts)).toEqual(new Set(Object.keys(source.parts)));
      expect(source.expected.every(({ part }) => archiveOf(source).parts.includes(part))).toBe(true);
    }
  });

  it("takes recordings and annotations of ICBHI from wherever the archive has them", () => {
    const { place } = archiveOf(icbhi);
    const there = (file: string) => ({ part: "recordings", path: `ICBHI_final_database/${file}` });
    expect(place("ICBHI_final_database/101_1b1_Al_sc_Meditron.wav")).toEqual(there("101_1b1_Al_sc_Meditron.wav"));
    expect(place("101_1b1_Al_sc_Meditron.txt")).toEqual(there("101_1b1_Al_sc_Meditron.txt"));
    expect(place("a/b/226_1b1_Pl_sc_LittC2SE.txt")).toEqual(there("226_1b1_Pl_sc_LittC2SE.txt"));
    for (const other of [
      "filename_format.txt",
      "101_1b1_Al_sc_Meditron.mp3",
      "__MACOSX/._101_1b1_Al_sc_Meditron.wav",
      "a/",
    ]) {
      expect([other, place(other)]).toEqual([other, undefined]);
    }
  });

  it("takes the sets of 2022 and 2023 of SPRSound from wherever the archive has them", () => {
    const { place } = archiveOf(sprsound);
    const name = "40138127_14.7_0_p1_137";
    const at = (part: string, folder: string) => ({ part, path: folder });
    expect(place(`SPRSound-abc/BioCAS2022/train2022_wav/${name}.wav`)).toEqual(
      at("2022", `BioCAS2022/train2022_wav/${name}.wav`),
    );
    expect(place(`x/releases/BioCAS2022/test2022_json/inter_test_json/${name}.json`)).toEqual(
      at("2022", `BioCAS2022/test2022_json/inter_test_json/${name}.json`),
    );
    expect(place(`test2023_wav/${name}.wav`)).toEqual(at("2023", `BioCAS2023/test2023_wav/${name}.wav`));
    expect(place(`BioCAS2023/test2023_json/${name}.json`)).toEqual(at("2023", `BioCAS2023/test2023_json/${name}.json`));
    for (const other of [
      "SPRSound-abc/README.md",
      `SPRSound-abc/BioCAS2024/test2024_wav/${name}.wav`,
      `SPRSound-abc/BioCAS2022/train2022_wav/${name}.json`,
      "SPRSound-abc/BioCAS2022/train2022_wav/.hidden.wav",
      "SPRSound-abc/BioCAS2022/train2022_wav/",
    ]) {
      expect([other, place(other)]).toEqual([other, undefined]);
    }
  });
});

describe("lists of ICBHI", () => {
  it.each([
    ["ICBHI_challenge_train_test.txt", 920, (i: number) => `${i}_1b1_Al_sc_Meditron\t${i % 2 ? "train" : "test"}`],
    ["demographic_info.txt", 126, (i: number) => `${101 + i} 0.75 F NA 9.8 73`],
    ["patient_diagnosis.csv", 126, (i: number) => `${101 + i},COPD`],
    ["filename_differences.txt", 91, (i: number) => `'${101 + i}_1b1_Al_sc_AKGC417L'`],
    ["patient_list_foldwise.txt", 126, (i: number) => `${101 + i} ${i % 5}`],
  ])("%s: the right number of lines of the right form, with any line ends", (name, count, line) => {
    const { problem } = listOf(name);
    const right = lines(count, line);
    for (const end of ["\n", "\r\n", "\r"]) expect(problem(`\ufeff${end}${right.join(end)}${end}`)).toBeUndefined();
    expect(problem(right.slice(2).join("\n"))).toMatch(
      new RegExp(`has ${count - 2} lines of .*; there should be ${count}`),
    );
    expect(problem(["", right[0], "<b>404</b>", ...right.slice(2)].join("\r\n"))).toMatch(
      /^line 3 is "<b>404<\/b>"; each line/,
    );
    expect(problem("")).toMatch(/has 0 lines/);
  });

  it("the table of diagnoses becomes the one that is in common use", () => {
    const { convert, problem } = listOf("patient_diagnosis.csv");
    const table = convert!("101\tURTI\r\n102\tHealthy\r\n\r\n");
    expect(table).toBe("ID,CLASS\n101,URTI\n102,Healthy\n");
    expect(convert!(table)).toBe(table);
    expect(problem(convert!(lines(126, (i) => `${101 + i}\tCOPD`).join("\n")))).toBeUndefined();
  });
});

describe("fromMirror", () => {
  const names = icbhi.files.map(({ name }) => name);

  it("asks one address for the publisher's names", () => {
    const addresses = (from: string) => fromMirror(sprsound, from).files[0]!.addresses;
    expect(addresses("https://lab.example/data/")).toEqual(["https://lab.example/data/SPRSound-main.zip"]);
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "SPRSound-main.zip"), "");
    expect(addresses(folder)).toEqual([path.join(folder, "SPRSound-main.zip")]);
    const spaced = path.join(folder, "a b");
    mkdirSync(spaced);
    writeFileSync(path.join(spaced, "SPRSound-main.zip"), "");
    expect(addresses(`file://${encodeURI(spaced)}/`)).toEqual([path.join(spaced, "SPRSound-main.zip")]);
  });

  it("refuses what is neither an address nor a folder with any of the files", () => {
    const folder = temporaryFolder();
    expect(() => fromMirror(icbhi, folder)).toThrow(`holds none of the files of icbhi: ${names.join(", ")}`);
    expect(() => fromMirror(icbhi, path.join(folder, "none"))).toThrow("holds none of the files");
    expect(() => fromMirror(icbhi, "ftp://lab.example/")).toThrow(
      "an address begins with http://, https:// or file://",
    );
    expect(() => fromMirror(icbhi, "http://")).toThrow("is no address");
  });
});

describe("fetchTerms", () => {
  it("tells the terms, whom to cite, what comes and how much", () => {
    const text = fetchTerms(icbhi, ["lists", "recordings"]);
    for (const part of [icbhi.title, icbhi.home, ...icbhi.terms, ...icbhi.citation]) expect(text).toContain(part);
    expect(text).toMatch(/To download: .*ICBHI_final_database.zip; about 1979 MB\.$/);
    expect(fetchTerms(icbhi, ["lists"])).toMatch(/To download: [^;]*foldwise.txt; about 35 kB\.$/);
    expect(fetchTerms(sprsound, ["2022"])).toContain("the server does not say how much it is");
  });
});

const data = process.env.AUSCULT_DATA;
const real = data && path.join(data, "sprsound");

describe.skipIf(!real || !existsSync(path.join(real, "BioCAS2022")))("recordings: SPRSound of 2022", () => {
  it("has the digests that are known of the release", async () => {
    const { placed, parts } = await standingOf(sprsound, real!, ["2022"]);
    expect(parts).toEqual(["2022"]);
    expect(placed).toHaveLength(2 * 2683);
  });
});

describe.skipIf(!data || !existsSync(path.join(data, "icbhi/ICBHI_challenge_train_test.txt")))(
  "recordings: lists of ICBHI",
  () => {
    it("have the form that a downloaded list must have", async () => {
      const { placed } = await standingOf(icbhi, path.join(data!, "icbhi"), ["lists"]);
      expect(placed.map((file) => file.path).sort()).toEqual(
        icbhi.files.flatMap((file) => (file.kind === "list" ? [file.saveAs] : [])).sort(),
      );
    });
  },
);
