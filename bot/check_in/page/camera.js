/* The camera: starts it, looks for QR codes in what it sees, and hands each over once. */

const PAUSE = 120;
const WIDEST = 720;
// The same pass held before the camera for a while is one scan.
const SAME_CODE = 4_000;

export class Camera {
  #video;
  #onCode;
  #stream = null;
  #find = null;
  #lock = null;
  #last = { code: "", at: 0 };
  paused = false;

  constructor(video, onCode) {
    this.#video = video;
    this.#onCode = onCode;
  }

  get running() {
    return this.#stream !== null;
  }

  /* Throws what the browser says when it has no camera, or may not use it. */
  async start() {
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    this.#video.srcObject = this.#stream;
    await this.#video.play();
    this.#find ??= (await ownDetector()) ?? workerDetector();
    this.#lock = await navigator.wakeLock?.request("screen").catch(() => null);
    void this.#look(this.#stream);
  }

  stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
    void this.#lock?.release();
    this.#lock = null;
  }

  get hasTorch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  async setTorch(on) {
    await this.#track?.applyConstraints({ advanced: [{ torch: on }] });
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  async #look(stream) {
    while (this.#stream === stream) {
      if (!this.paused && this.#video.readyState >= this.#video.HAVE_CURRENT_DATA) {
        const code = await this.#find(this.#video).catch(() => "");
        if (code && !this.paused && this.#stream === stream) this.#hand(code);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  #hand(code) {
    const now = Date.now();
    const again = code === this.#last.code && now - this.#last.at < SAME_CODE;
    this.#last = { code, at: now };
    if (!again) this.#onCode(code);
  }
}

async function ownDetector() {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
  if (!formats?.includes("qr_code")) return null;
  const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
}

function workerDetector() {
  const worker = new Worker("/check-in/static/decoder.js");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const scale = Math.min(1, WIDEST / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return new Promise((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = reject;
      worker.postMessage({ pixels: data.buffer, width, height }, [data.buffer]);
    });
  };
}
