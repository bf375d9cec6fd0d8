using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Tinyvex.Agents;

/// <summary>
/// Which version of a known agent is installed. Its npm package says so without anything being run; where there is none, the program is asked with
/// <c>--version</c>, in the background and once for each file as it is.
/// </summary>
internal sealed class AgentVersions
{
    /// <summary>A program that says its version says it at once; on a busy machine Node takes a few seconds to start.</summary>
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);

    /// <summary>Folders from a program up to its package's.</summary>
    private const int MaxDepth = 6;

    /// <summary>A version stands on the first line; a program that writes on is no concern of ours.</summary>
    private const int MaxOutput = 4_096;

    private readonly ConcurrentDictionary<(string Path, DateTime Written), Task<string?>> _versions = new();

    /// <summary>The version of a program, or null where it is not known, or not yet.</summary>
    public string? Of(KnownAgent known, string path) => Find(known, path) is { IsCompletedSuccessfully: true } found ? found.Result : null;

    /// <summary>Waits for what is being asked.</summary>
    public Task SettleAsync() => Task.WhenAll(_versions.Values);

    private Task<string?> Find(KnownAgent known, string path) => _versions.GetOrAdd((path, File.GetLastWriteTimeUtc(path)), _ =>
        OfPackage(known.Package, path) is { } version ? Task.FromResult<string?>(version) : Task.Run(() => AskAsync(path)));

    private static string? OfPackage(string? package, string path)
    {
        try
        {
            var file = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            // npm puts a script beside its node_modules on Windows, and a link into the package elsewhere.
            var beside = package is null ? null : VersionIn(Path.Combine(Path.GetDirectoryName(file)!, "node_modules", package, "package.json"), package);
            var folder = Path.GetDirectoryName(file);
            for (var depth = 0; beside is null && folder is not null && depth < MaxDepth; depth++)
            {
                beside = VersionIn(Path.Combine(folder, "package.json"), package);
                folder = Path.GetDirectoryName(folder);
            }

            return beside;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static string? VersionIn(string path, string? package)
    {
        if (!File.Exists(path)) return null;
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("name"u8, out var name) && name.ValueKind == JsonValueKind.String
            && name.GetString() == package && root.TryGetProperty("version"u8, out var version) && version.ValueKind == JsonValueKind.String
            ? version.GetString()
            : null;
    }

    private static async Task<string?> AskAsync(string path)
    {
        var start = new ProcessStartInfo(path, ["--version"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TINYVEX_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        try
        {
            using var process = Process.Start(start)!;
            using var limit = new CancellationTokenSource(AskLimit);
            try
            {
                process.StandardInput.Close();
                process.ErrorDataReceived += (_, _) => { };
                process.BeginErrorReadLine();
                var buffer = new char[MaxOutput];
                var length = await process.StandardOutput.ReadBlockAsync(buffer.AsMemory(), limit.Token);
                return FirstVersion(new string(buffer, 0, length));
            }
            finally
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception exception) when (
            exception is IOException or OperationCanceledException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The first word that begins with a number and a point, as in "codex-cli 0.169.0".</summary>
    private static string? FirstVersion(string output) => output.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .Select(word => word.TrimStart('v').TrimEnd('.', ',', ')'))
        .FirstOrDefault(word => word.Length is > 2 and < 100 && char.IsAsciiDigit(word[0]) && word.TrimStart("0123456789".ToCharArray()).StartsWith('.'));
}
