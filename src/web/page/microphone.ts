/** A microphone that listens. */
export interface Microphone {
  /** As the browser gives it: the device's, or what it is resampled to. */
  sampleRateHz: number;
  /** For people. */
  name: string;
  /** Two, of the same sound. */
  ports: readonly [MessagePort, MessagePort];
  stop(): Promise<void>;
}

let prepared: Promise<AudioContext> | undefined;

/**
 * Fetches what recording needs, so that it works later without a network, and answers whether it is there. One context is kept for all recordings; until the first it is
 * suspended and takes nothing.
 */
export function prepareMicrophone(): Promise<boolean> {
  return contextWithTap().then(
    () => true,
    () => false, // tried again, and said, when it is needed
  );
}

function contextWithTap(): Promise<AudioContext> {
  prepared ??= (async () => {
    const context = new AudioContext();
    await context.suspend();
    await context.audioWorklet.addModule("tap.js");
    return context;
  })();
  prepared.catch(() => {
    prepared = undefined;
  });
  return prepared;
}

/**
 * Opens a microphone as it is: what browsers do to make speech clear (cancelling echoes, suppressing noise, levelling) takes lung sounds
 * away.
 * @param deviceId of a device that was listed; without it the browser's choice
 * @param onLost called with a sentence where the device goes while it listens
 * @throws Error with a sentence for people where there is none, or it may not be used
 */
export async function openMicrophone(deviceId: string | undefined, onLost: (why: string) => void): Promise<Microphone> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices)
    throw new Error(
      "This browser gives no microphone to pages of this address; open the page from 127.0.0.1 or https.",
    );
  const stream = await devices
    .getUserMedia({
      audio: {
        ...(deviceId && { deviceId: { exact: deviceId } }),
        channelCount: { ideal: 1 },
        echoCancellation: false,
        noiseSuppression: false,
        autoGainControl: false,
      },
    })
    .catch((error: Error) => {
      throw new Error(whyNot(error));
    });
  const [track] = stream.getAudioTracks();
  let context: AudioContext | undefined;
  const release = async () => {
    for (const one of stream.getTracks()) one.stop();
    await context?.suspend();
  };
  try {
    context = await contextWithTap();
    await context.resume();
    const tap = new AudioWorkletNode(context, "tap", { numberOfInputs: 1, numberOfOutputs: 1 });
    const channels = [new MessageChannel(), new MessageChannel()] as const;
    const ends = channels.map(({ port1 }) => port1);
    tap.port.postMessage(ends, ends);
    const source = context.createMediaStreamSource(stream);
    // What leads nowhere is not computed by some browsers; the tap gives silence, so nothing is heard.
    source.connect(tap).connect(context.destination);
    let stopped = false;
    const stop = async () => {
      if (stopped) return;
      stopped = true;
      source.disconnect();
      tap.port.postMessage("end");
      // Its last piece is on its way.
      await new Promise((resolve) => setTimeout(resolve, 60));
      tap.disconnect();
      await release();
    };
    track!.onended = () => {
      if (stopped) return;
      void stop();
      onLost(
        "The microphone is gone: it was unplugged, or its use was ended. What was heard is kept. Plug it in or allow it again, then record again.",
      );
    };
    return {
      sampleRateHz: context.sampleRate,
      name: track!.label || "Microphone",
      ports: [channels[0].port2, channels[1].port2],
      stop,
    };
  } catch (error) {
    await release();
    throw new Error(`The microphone cannot be listened to: ${(error as Error).message}`);
  }
}

/** Microphones by name; the names are known only after the first use was allowed. */
export async function listMicrophones(): Promise<{ id: string; name: string }[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices
    .filter(({ kind, deviceId }) => kind === "audioinput" && deviceId !== "")
    .map(({ deviceId, label }, i) => ({ id: deviceId, name: label || `Microphone ${i + 1}` }));
}

function whyNot({ name, message }: Error): string {
  const sentences: Record<string, string> = {
    NotAllowedError:
      "The microphone was refused. Allow it for this page (the sign beside the address), then record again; WAV files work without it.",
    NotFoundError: "No microphone was found. Plug one in, then record again; WAV files work without it.",
    NotReadableError: "The microphone cannot be opened: another program may be using it. End that, then record again.",
    OverconstrainedError: "That microphone is no longer there. Choose another one, then record again.",
  };
  return sentences[name] ?? `The microphone cannot be used: ${message}`;
}
