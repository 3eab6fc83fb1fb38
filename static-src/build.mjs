// Compiles scss/app.scss to ../static/css/app.css and copies the font. Run with `npm run build`.
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
writeFileSync(`${out}css/app.css`, css + "\n");

for (const subset of ["latin", "latin-ext"]) {
  const file = `source-sans-3-${subset}-wght-normal.woff2`;
  copyFileSync(`${font}files/${file}`, `${out}fonts/${file}`);
}
copyFileSync(`${font}LICENSE`, `${out}vendor-licences/source-sans-3.txt`);
console.log(`app.css: ${(css.length / 1024).toFixed(0)} kB`);
