"""A window of WebKitGTK, Tauri's engine on Linux, around a server that it starts as a sidecar.

    python3 window.py PAGE SERVER [ARGUMENT...]

PAGE is a folder, shown as tauri://localhost/ as Tauri would show it, or "console", the server's own page. It says what it
does in lines of JSON on stdout, and takes on stdin the address to show (of the console) or scripts to run in the page.
"""

import json
import mimetypes
import pathlib
import subprocess
import sys
import threading

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Soup", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gio, GLib, Gtk, Soup, WebKit2  # noqa: E402

page, command = sys.argv[1], sys.argv[2:]


def say(**fields):
    print(json.dumps(fields), flush=True)


# The pipe to the server's stdin is held here and nowhere else, so that the server ends with this process.
server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
ready = json.loads(server.stdout.readline())
say(ready=ready)

context = WebKit2.WebContext.new_ephemeral()
content = WebKit2.UserContentManager()
view = WebKit2.WebView(web_context=context, user_content_manager=content)
window = Gtk.Window(title="sidecar")
window.set_default_size(900, 700)
window.add(view)
window.show_all()

# What Tauri's own script does for the one command of the example.
bridge = "window.__TAURI_INTERNALS__ = { invoke: async (name) => name === 'server_address' ? %s : Promise.reject(name) }"


def serve(request):
    path = pathlib.Path(page, request.get_path().lstrip("/") or "index.html")
    body = path.read_bytes()
    stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(body))
    response = WebKit2.URISchemeResponse.new(stream, len(body))
    response.set_content_type(mimetypes.guess_type(path.name)[0])
    headers = Soup.MessageHeaders.new(Soup.MessageHeadersType.RESPONSE)
    config = json.loads(pathlib.Path(page, "tauri.conf.json").read_text())
    headers.append("Content-Security-Policy", config["app"]["security"]["csp"])
    response.set_http_headers(headers)
    request.finish_with_response(response)


if page != "console":
    context.register_uri_scheme("tauri", serve)
    context.get_security_manager().register_uri_scheme_as_secure("tauri")
    address = {"ws": ready["ws"], "token": ready["token"]}
    content.add_script(
        WebKit2.UserScript.new(
            bridge % json.dumps(address),
            WebKit2.UserContentInjectedFrames.TOP_FRAME,
            WebKit2.UserScriptInjectionTime.START,
            None,
            None,
        )
    )
    view.load_uri("tauri://localhost/")


def evaluated(_view, result):
    try:
        say(value=json.loads(view.evaluate_javascript_finish(result).to_string()))
    except GLib.Error as error:
        say(error=error.message)


def obey(line):
    order = json.loads(line)
    if "load" in order:
        view.load_uri(order["load"])
    else:
        view.evaluate_javascript(f"JSON.stringify({order['evaluate']} ?? null)", -1, None, None, None, evaluated)
    return GLib.SOURCE_REMOVE


def read_orders():
    for line in sys.stdin:
        GLib.idle_add(obey, line)
    GLib.idle_add(Gtk.main_quit)


threading.Thread(target=read_orders, daemon=True).start()
Gtk.main()
server.stdin.close()
server.wait()
