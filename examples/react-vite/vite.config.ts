import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The server takes pages of loopback origins, which is where Vite serves.
export default defineConfig({ plugins: [react()], server: { host: "127.0.0.1" } });
