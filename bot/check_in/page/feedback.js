/* Yes and no for ear and hand, since the eyes of whoever scans are on the guest. */

const YES = [[660, 0, 0.09], [990, 0.1, 0.16]];
const NO = [[220, 0, 0.22], [180, 0.26, 0.34]];

let sound = null;

/* Browsers allow sound only after a touch: call this in one. */
export function allowSound() {
  sound ??= globalThis.AudioContext ? new AudioContext() : null;
  void sound?.resume();
}

export function signal(yes) {
  // Without a touch before, browsers refuse to vibrate and say so in their log.
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(yes ? 80 : [180, 90, 180]);
  if (sound?.state !== "running") return;
  for (const [pitch, start, length] of yes ? YES : NO) {
    const [tone, volume] = [sound.createOscillator(), sound.createGain()];
    tone.type = yes ? "sine" : "square";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(yes ? 0.4 : 0.18, sound.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + start + length);
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + start);
    tone.stop(sound.currentTime + start + length);
  }
}
