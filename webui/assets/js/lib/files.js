/* Files that are too large or too many are said before they are sent. The server says the same; this spares the
   wait. The limits stand on the field: data-files-each and data-files-together in bytes, and data-files-count. */

const MEGABYTE = 1 << 20;

export function startFiles() {
  for (const input of document.querySelectorAll("input[data-files-each]")) {
    input.addEventListener("change", () => judge(input));
    judge(input); // a browser that goes back may have kept what was chosen
  }
}

function judge(input) {
  const sentence = wrong([...input.files], input.dataset);
  input.setCustomValidity(sentence);
  line(input).textContent = sentence;
  line(input).hidden = !sentence;
}

function wrong(files, most) {
  const large = files.find((file) => file.size > Number(most.filesEach));
  if (large) return `“${large.name}” is larger than ${megabytes(most.filesEach)}. Choose without it.`;
  if (files.length > Number(most.filesCount)) return `Choose at most ${most.filesCount} files.`;
  const together = files.reduce((sum, file) => sum + file.size, 0);
  if (together > Number(most.filesTogether)) {
    return `Together they are larger than ${megabytes(most.filesTogether)}. Choose fewer.`;
  }
  return "";
}

function megabytes(bytes) {
  return `${Math.floor(Number(bytes) / MEGABYTE)} MB`;
}

function line(input) {
  const found = input.parentElement.querySelector("[data-files-wrong]");
  if (found) return found;
  const made = document.createElement("p");
  made.className = "field-error";
  made.dataset.filesWrong = "";
  made.setAttribute("role", "alert");
  input.after(made);
  return made;
}
