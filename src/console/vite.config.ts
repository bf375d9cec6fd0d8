import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: {
    target: ["chrome123", "firefox125", "safari17.5"],
    // A data: url would need a wider Content-Security-Policy than the server sends.
    assetsInlineLimit: 0,
    // Every browser of the targets preloads modules by itself.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    proxy: { "/ws": { target: "http://127.0.0.1:9099", ws: true } },
  },
});
