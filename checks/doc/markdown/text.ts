import { type Piece, piecesOf, type Text } from "../document.js";

/** Words as Markdown: whatever would mean something to Markdown or HTML is escaped. */
export function markdownText(text: Text): string {
  return piecesOf(text).map(pieceText).join("");
}

function pieceText(piece: Piece): string {
  if (typeof piece === "string") return escaped(piece);
  if ("code" in piece) return codeSpan(piece.code);
  if ("strong" in piece) return `**${escaped(piece.strong)}**`;
  if ("file" in piece) return `[${escaped(piece.file)}](../${piece.file})`;
  return `[${escaped(piece.text)}](#${piece.to})`;
}

/** An underscore within a word means nothing. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*[\]<>&|#~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\$&");
}

/** None of ours has a backtick in it. */
function codeSpan(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}
