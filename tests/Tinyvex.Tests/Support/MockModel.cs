using System.Diagnostics;
using System.Text.Json;

namespace Tinyvex.Tests.Support;

/// <summary>The scripted model of tests/lab, and a home for codex in which it is the only one.</summary>
internal sealed class MockModel : IDisposable
{
    private readonly Process _process;

    private MockModel(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<MockModel> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo("node", [Lab.File("mock-model.mjs"), "--port", "0"]) { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadLineAsync(Deadline.Token());
        return new MockModel(process, JsonDocument.Parse(line!).RootElement.GetProperty("port").GetInt32());
    }

    /// <summary>Writes codex's configuration, and answers the environment it needs, as the JSON of an agents file.</summary>
    public string CodexHome(TempFolder folder, string policy = "on-request")
    {
        Directory.CreateDirectory(folder["codex"]);
        File.WriteAllText(
            Path.Combine(folder["codex"], "config.toml"),
            File.ReadAllText(Lab.File("codex-config.toml.in"))
                .Replace("@PORT@", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("@WORKDIR@", folder.Path, StringComparison.Ordinal)
                .Replace("\"on-request\"", $"\"{policy}\"", StringComparison.Ordinal));
        return $$"""{"HOME":"{{folder.Path}}","CODEX_HOME":"{{folder["codex"]}}","OPENAI_API_KEY":"mock","PATH":"{{PathWithoutBubblewrap(folder["bin"])}}"}""";
    }

    /// <summary>
    /// All programs of the PATH but one. Where Codex finds bubblewrap it offers its model no shell that the mock knows of, and browsers
    /// for other tests bring it along.
    /// </summary>
    private static string PathWithoutBubblewrap(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var path in Environment.GetEnvironmentVariable("PATH")!.Split(':').Where(Directory.Exists))
        {
            foreach (var program in Directory.EnumerateFiles(path))
            {
                var link = Path.Combine(folder, Path.GetFileName(program));
                if (Path.GetFileName(program) != "bwrap" && !Path.Exists(link)) File.CreateSymbolicLink(link, program);
            }
        }

        return folder;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
