/* Finds QR codes in pictures of the camera, away from the page's own thread. For browsers that can't do it themselves. */

importScripts("/check-in/static/vendor/jsQR.js");

self.onmessage = ({ data: { pixels, width, height } }) => {
  const found = self.jsQR(new Uint8ClampedArray(pixels), width, height, { inversionAttempts: "dontInvert" });
  self.postMessage(found?.data ?? "");
};
