import { resolve } from "node:path";
import { env } from "node:process";
import { defineConfig } from "vite";

const root = import.meta.dirname;

// CMake says where the engine was built and where the pages go; by hand, those of the dev preset.
const engine = env.PARLEY_WASM ?? resolve(root, "../../build/dev/web/call.wasm");
const pages = env.PARLEY_PAGES ?? resolve(root, "dist");

export default defineConfig({
  resolve: { alias: [{ find: /^call\.wasm/, replacement: engine }] },
  build: {
    outDir: pages,
    emptyOutDir: true,
    // The content security policy allows no data: addresses for scripts and fetches.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
