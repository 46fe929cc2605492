import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "./", // it may stand anywhere
  build: {
    outDir: "../dist/oregonator",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 600, // kB; a third of that is sent
  },
});
