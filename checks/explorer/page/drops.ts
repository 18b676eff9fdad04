/** Opens what is dropped anywhere on the page. Returns what ends that. */
export function followDrops(open: (files: readonly File[]) => Promise<void>): () => void {
  const over = (event: DragEvent): void => {
    event.preventDefault();
    document.documentElement.dataset.dropping = "yes";
  };
  const left = (event: DragEvent): void => {
    if (event.relatedTarget === null) delete document.documentElement.dataset.dropping;
  };
  const dropped = (event: DragEvent): void => {
    event.preventDefault();
    delete document.documentElement.dataset.dropping;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) void open(files);
  };
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", left);
  document.addEventListener("drop", dropped);
  return () => {
    document.removeEventListener("dragover", over);
    document.removeEventListener("dragleave", left);
    document.removeEventListener("drop", dropped);
  };
}
