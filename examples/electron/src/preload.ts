import { contextBridge, ipcRenderer } from "electron";
import type { TinyvexBridge } from "./bridge.ts";

// The page gets this one function, not ipcRenderer, with which it could say anything to the main process.
const bridge: TinyvexBridge = { serverAddress: () => ipcRenderer.invoke("server-address") };
contextBridge.exposeInMainWorld("tinyvex", bridge);
