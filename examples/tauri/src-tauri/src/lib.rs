use serde::{Deserialize, Serialize};
use std::error::Error;
use tauri::{async_runtime, AppHandle, Manager, State, WebviewWindowBuilder};
use tauri_plugin_shell::process::{CommandChild, CommandEvent};
use tauri_plugin_shell::ShellExt;

/// Where the server listens, and what to show it; the rest of its ready line is not needed here.
#[derive(Clone, Deserialize, Serialize)]
struct ServerAddress {
    ws: String,
    token: String,
}

struct Server {
    address: ServerAddress,
    /// Holds the server's stdin: it stops when that is closed, with this app and however the app ends.
    _child: CommandChild,
}

#[tauri::command]
fn server_address(server: State<Server>) -> ServerAddress {
    server.address.clone()
}

async fn start_server(app: &AppHandle) -> Result<Server, Box<dyn Error>> {
    let db = app.path().app_data_dir()?.join("tinyvex.db");
    let command = app
        .shell()
        .sidecar("tinyvex")?
        .args(["serve", "--exit-with-stdin", "--port", "0", "--db"])
        .arg(db);
    let (mut events, child) = command.spawn()?;
    let mut last_log = String::new();
    while let Some(event) = events.recv().await {
        match event {
            CommandEvent::Stdout(line) => {
                // Another line than the ready line has no token, such as that of a server which holds the database.
                let address = serde_json::from_slice(&line)
                    .map_err(|_| String::from_utf8_lossy(&line).into_owned())?;
                // Its log has to be read on, or it would wait for a reader.
                async_runtime::spawn(async move { while events.recv().await.is_some() {} });
                return Ok(Server {
                    address,
                    _child: child,
                });
            }
            CommandEvent::Stderr(line) => last_log = String::from_utf8_lossy(&line).into_owned(),
            CommandEvent::Error(error) => return Err(error.into()),
            CommandEvent::Terminated(_) => break,
            _ => {}
        }
    }
    Err(format!("the server did not start: {last_log}").into())
}

pub fn run() {
    tauri::Builder::default()
        .plugin(tauri_plugin_shell::init())
        .invoke_handler(tauri::generate_handler![server_address])
        .setup(|app| {
            let server = async_runtime::block_on(start_server(app.handle()))?;
            app.manage(server);
            // The window has "create": false, so that its page finds the server there.
            WebviewWindowBuilder::from_config(app.handle(), &app.config().app.windows[0])?
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("error while running the app");
}
