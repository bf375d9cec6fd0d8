#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    tinyvex_in_tauri::run();
}
