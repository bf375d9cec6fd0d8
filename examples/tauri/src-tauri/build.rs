fn main() {
    // With the command listed, a window may call it only where a capability says so.
    let commands = tauri_build::AppManifest::new().commands(&["server_address"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))
        .expect("failed to run tauri-build");
}
