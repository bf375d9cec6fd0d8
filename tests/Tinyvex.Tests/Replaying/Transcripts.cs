namespace Tinyvex.Tests.Replaying;

/// <summary>The recorded sessions in tests/transcripts.</summary>
internal static class Transcripts
{
    public static string Path(string name) => System.IO.Path.Combine(Folder(), name);

    public static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Folder(), "*.jsonl").Select(file => System.IO.Path.GetFileName(file)!).Order(StringComparer.Ordinal);

    // The tests run from the folder that they were built into, which is somewhere in the repository.
    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var transcripts = System.IO.Path.Combine(folder.FullName, "tests", "transcripts");
            if (Directory.Exists(transcripts))
                return transcripts;
        }

        throw new DirectoryNotFoundException("tests/transcripts is in no folder above the tests.");
    }
}
