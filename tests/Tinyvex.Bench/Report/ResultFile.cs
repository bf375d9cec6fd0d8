using System.Globalization;
using System.Text.Json;

namespace Tinyvex.Bench.Report;

/// <summary>Keeps what a run found, for comparing runs later.</summary>
internal static class ResultFile
{
    private const string Folder = "artifacts/bench";

    /// <summary>Writes the named file, or one of the run's date and <c>latest.json</c>; answers what was written.</summary>
    public static string Write(Run run, string? file)
    {
        var json = JsonSerializer.Serialize(run, RunJson.Default.Run);
        if (file is not null)
        {
            File.WriteAllText(file, json);
            return file;
        }

        Directory.CreateDirectory(Folder);
        file = Path.Combine(Folder, run.Date.ToString("yyyy-MM-dd'T'HHmmss", CultureInfo.InvariantCulture) + ".json");
        File.WriteAllText(file, json);
        File.WriteAllText(Path.Combine(Folder, "latest.json"), json);
        return file;
    }
}
