// Compiles scss/app.scss to ../static/css/app.css and copies the font. Run with `npm run build`.
// Sides become the page's own: left is where a line begins, so that a page with dir="rtl" is turned by itself.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { compile } from "sass";

const font = "node_modules/@fontsource-variable/source-sans-3/";
const out = "../static/";

for (const folder of ["css", "fonts", "vendor-licences"]) mkdirSync(out + folder, { recursive: true });

const { css } = compile("scss/app.scss", {
  loadPaths: ["node_modules"],
  style: "compressed",
  quietDeps: true,
});
const SIDES = { left: "start", right: "end" };
const ROWS = { top: "start", bottom: "end" };
const turning = css
  .replace(/([;{])(margin|padding|border)-(left|right)(-width|-style|-color)?:/g, (_, before, what, side, part = "") => `${before}${what}-inline-${SIDES[side]}${part}:`)
  .replace(/([;{])(left|right):/g, (_, before, side) => `${before}inset-inline-${SIDES[side]}:`)
  .replace(/([;{])border-(top|bottom)-(left|right)-radius:/g, (_, before, row, side) => `${before}border-${ROWS[row]}-${SIDES[side]}-radius:`)
  .replace(/([;{]text-align:)(left|right)/g, (_, what, side) => what + SIDES[side]);
writeFileSync(`${out}css/app.css`, turning + "\n");

for (const subset of ["latin", "latin-ext"]) {
  const file = `source-sans-3-${subset}-wght-normal.woff2`;
  copyFileSync(`${font}files/${file}`, `${out}fonts/${file}`);
}
copyFileSync(`${font}LICENSE`, `${out}vendor-licences/source-sans-3.txt`);
console.log(`app.css: ${(turning.length / 1024).toFixed(0)} kB`);
