/** Offers a file to be saved under a name. */
export function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Browsers take the address when the click is handled; large files may be copied later.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
