/* Files that are dragged onto the page or pasted into it, for people who don't look for a button. */

const IS_FILE = "Files";

/* `veil` covers the conversation while a file hovers over the page; `onFiles` gets what was let go or pasted. */
export function takeDroppedFiles(veil, onFiles) {
  // Every element that is passed on the way says "enter" and "leave": only their balance tells whether it is over.
  let depth = 0;
  const show = () => (veil.hidden = depth === 0);
  listen("dragenter", () => {
    depth += 1;
    show();
  });
  listen("dragover", (event) => (event.dataTransfer.dropEffect = "copy"));
  listen("dragleave", () => {
    depth = Math.max(0, depth - 1);
    show();
  });
  listen("drop", (event) => {
    depth = 0;
    show();
    onFiles([...event.dataTransfer.files]);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    // A cell of a spreadsheet comes as text and as a picture of itself: the text is meant.
    if (!files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    onFiles(files);
  });
}

/* Without this the browser would leave the page and open the file. A dragged text is none of our business. */
function listen(name, act) {
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes(IS_FILE)) return;
    event.preventDefault();
    act(event);
  });
}
