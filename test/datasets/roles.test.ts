import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { assertRole, digestOfExamples, type Example, SealedTestSet, type TestTouch } from "../../src/datasets/roles.js";

function example<R extends "train" | "select" | "test">(role: R, id: string, label = 0): Example<R> {
  const recording = id.split("#")[0]!;
  const className = label === 0 ? "Normal" : "Adventitious";
  const bounds = { startSeconds: 0.5, endSeconds: 1.25 };
  return {
    role,
    id,
    recording,
    file: `/somewhere/${recording}.wav`,
    patient: "1",
    label,
    className,
    set: "s",
    ...bounds,
  };
}

/** Stands for training code. */
function train(examples: readonly Example<"train">[]): number {
  return examples.length;
}

describe("roles", () => {
  it("keep test and select examples out of training code when it is compiled", () => {
    expect(train([example("train", "a#0")])).toBe(1);
    // @ts-expect-error test examples are of another type
    train([example("test", "a#0")]);
    // @ts-expect-error so are those that choose the epoch
    train([example("select", "a#0")]);
    const sealed = new SealedTestSet("s", [example("test", "a#0")]);
    // @ts-expect-error opening a test set does not make it training data
    train(sealed.open("a mistake", () => {}));
    // @ts-expect-error items of a sealed set have no labels to train with
    train(sealed.items());
  });

  it("are checked at run time too, naming the example", () => {
    const mixed: Example[] = [example("train", "a#0"), example("test", "b#7")];
    expect(() => assertRole(mixed, "train")).toThrow('example b#7 has role "test"; only "train"');
    assertRole(mixed.slice(0, 1), "train");
    expect(() => new SealedTestSet("s", mixed as Example<"test">[])).toThrow("a#0");
  });
});

describe("SealedTestSet", () => {
  const examples = [example("test", "a#0", 1), example("test", "b#0", 0)];

  it("reports each opening with its purpose before it hands out the examples", () => {
    const touches: TestTouch[] = [];
    const sealed = new SealedTestSet("sprsound/inter2022", examples);
    expect(sealed.open("final evaluation", (touch) => touches.push(touch))).toEqual(examples);
    sealed.open("again", (touch) => touches.push(touch));
    expect(touches).toEqual([
      { set: "sprsound/inter2022", purpose: "final evaluation", count: 2 },
      { set: "sprsound/inter2022", purpose: "again", count: 2 },
    ]);
    const refuse = () => {
      throw new Error("not now");
    };
    expect(() => sealed.open("refused", refuse)).toThrow("not now");
  });

  it("shows items in the same order without label, class, patient and role", () => {
    expect(new SealedTestSet("s", examples).items()).toEqual([
      { id: "a#0", recording: "a", file: "/somewhere/a.wav", startSeconds: 0.5, endSeconds: 1.25 },
      { id: "b#0", recording: "b", file: "/somewhere/b.wav", startSeconds: 0.5, endSeconds: 1.25 },
    ]);
    expect(JSON.stringify(new SealedTestSet("s", examples))).not.toContain("Adventitious");
  });

  it("cannot be iterated, spread, cloned or printed into its labels", () => {
    const sealed = new SealedTestSet("s", examples);
    // @ts-expect-error it is no list
    expect(() => [...sealed]).toThrow(TypeError);
    expect(() => {
      // @ts-expect-error nor can it be walked through
      for (const one of sealed) expect(one).toBeUndefined();
    }).toThrow(TypeError);
    // @ts-expect-error its examples have no name outside
    expect(sealed.examples).toBeUndefined();
    const open = { name: "s", count: 2, digest: sealed.digest };
    expect({ ...sealed }).toStrictEqual(open);
    expect(structuredClone(sealed)).toEqual(open);
    expect(JSON.parse(JSON.stringify({ sealed }))).toEqual({ sealed: open });
    expect(Object.fromEntries(Reflect.ownKeys(sealed).map((key) => [key, Reflect.get(sealed, key)]))).toEqual(open);
    for (const text of [String(sealed), inspect(sealed, { showHidden: true, depth: 9 })]) {
      expect(text).not.toMatch(/label|Adventitious|a#0/);
    }
  });

  it("hands out examples that cannot be changed into another role", () => {
    const [first] = new SealedTestSet("s", examples).open("look", () => {});
    expect(() => Object.assign(first!, { role: "train" })).toThrow(TypeError);
    expect(first!.role).toBe("test");
  });

  it("does not change when the caller's examples do", () => {
    const own = [{ ...example("test", "a#0") }];
    const sealed = new SealedTestSet("s", own);
    (own[0] as { label: number }).label = 5;
    own.pop();
    expect(sealed.open("look", () => {})[0]!.label).toBe(0);
  });

  it("has a digest of labels and ids, not of order and folder", () => {
    // python3 -c 'import hashlib; print(hashlib.sha256(b"test\ts\ta#0\t1\ntest\ts\tb#0\t0").hexdigest()[:32])'
    const digest = "82512fc417798a403edf16bc8f25860b";
    expect(new SealedTestSet("s", examples).digest).toBe(digest);
    expect(digestOfExamples([...examples].reverse())).toBe(digest);
    expect(digestOfExamples(examples.map((one) => ({ ...one, file: "/elsewhere.wav" })))).toBe(digest);
    expect(digestOfExamples([example("test", "a#0", 0), examples[1]!])).not.toBe(digest);
  });
});
