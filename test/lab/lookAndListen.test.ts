import { expect, test } from "vitest";
import { decodeWav } from "../../src/audio/wav.js";
import { lookAndListenForms } from "../../src/lab/lookAndListen.js";
import { expectWellFormed } from "../figures/wellFormed.js";

const tone = (seconds: number, sampleRateHz: number, amplitude: number) =>
  Float32Array.from(
    { length: seconds * sampleRateHz },
    (_, i) => amplitude * Math.sin((i * 2 * Math.PI * 300) / sampleRateHz),
  );
const events = [{ startSeconds: 0.2, endSeconds: 0.6, label: "Wheeze & <more>" }];

function soundOf(html: string) {
  const base64 = /src="data:audio\/wav;base64,([^"]*)"/.exec(html)![1]!;
  return decodeWav(Buffer.from(base64, "base64"), "the player's sound");
}

test("one output holds the picture, a player with the whole sound, and the static picture", () => {
  const sound = { samples: tone(1, 8000, 0.098), sampleRateHz: 8000, events };
  const forms = lookAndListenForms(sound, { title: "A <tone>", note: "made-up sounds" });
  expect(Object.keys(forms)).toEqual(["text/html", "image/svg+xml", "text/plain"]);
  expectWellFormed(forms["image/svg+xml"]!);
  const html = forms["text/html"]!;
  for (const words of [
    "A &#60;tone&#62;",
    "made-up sounds",
    "Wheeze &#38; &#60;more&#62;",
    "time (s)",
    "frequency (Hz)",
  ])
    expect(html).toContain(words);
  expect(html).not.toContain("<tone>");
  const { samples, sampleRateHz } = soundOf(html);
  expect([samples.length, sampleRateHz]).toEqual([8000, 8000]);
  // 20 dB are a factor of 10, which leaves the peak at 0.98.
  expect(html).toContain("Played 20 dB louder.");
  expect(Math.max(...samples)).toBeCloseTo(0.98, 3);
});

test("long recordings at high rates stay below a megabyte, and say at which rate they are played", () => {
  const forms = lookAndListenForms({ samples: tone(20, 44_100, 0.5), sampleRateHz: 44_100, events });
  expect(JSON.stringify(forms).length).toBeLessThan(1e6);
  expect(forms["text/html"]).toContain("at 8000 Hz instead of 44100 Hz");
  expect(soundOf(forms["text/html"]!).samples.length).toBe(160_000);
});

test("a sound without samples is said to have none; silence and broken samples are played", () => {
  expect(lookAndListenForms({ samples: new Float32Array(0), sampleRateHz: 8000 })["image/svg+xml"]).toContain(
    "The recording has no samples.",
  );
  expect(lookAndListenForms({ samples: new Float32Array(800), sampleRateHz: 8000 })["text/html"]).toContain(
    "as loud as recorded",
  );
  const broken = lookAndListenForms({
    samples: Float32Array.of(0.5, Number.NaN, ...new Float32Array(800)),
    sampleRateHz: 8000,
  });
  expect(broken["text/html"]).toContain("Played 5 dB louder");
  expectWellFormed(broken["image/svg+xml"]!);
});
