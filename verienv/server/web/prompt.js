// What a prompt asks for, read from what the player sees and from nothing else: its closing lines name the answer's form.

const FORM = /^The answer is (.+), written like (.+)$/gm;

export function read(parts) {
  const text = parts.filter((part) => "text" in part).map((part) => part.text).join("\n\n");
  const pictures = parts.filter((part) => "image" in part);
  const found = [...text.matchAll(FORM)].pop();
  return { parts, text, pictures, form: found?.[1] ?? "", example: found?.[2] ?? "" };
}

// Units a picture to each: 1000 where coordinates are thousandths, else its pixels.
export function units(prompt, picture) {
  const thousandths = /coordinates are thousandths/i.test(prompt.text);
  return thousandths ? { across: 1000, down: 1000 } : { across: picture.width, down: picture.height };
}

// Text that is drawn with letters keeps its columns: a board, a piece of code.
export const look = (text) => (/^#[# .$@*+]{4,}#$|^```\w+$/m.test(text) ? "prompt drawn" : "prompt");
