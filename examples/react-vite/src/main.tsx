import { TinyvexProvider } from "@tinyvex/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";

// npm run dev, then open the page with what the server's ready line says: /#ws=ws://127.0.0.1:9099/ws&token=TOKEN
const given = new URLSearchParams(location.hash.slice(1));

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <TinyvexProvider url={given.get("ws") ?? "ws://127.0.0.1:9099/ws"} token={given.get("token") ?? undefined}>
      <App />
    </TinyvexProvider>
  </StrictMode>,
);
