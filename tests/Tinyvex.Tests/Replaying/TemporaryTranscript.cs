namespace Tinyvex.Tests.Replaying;

/// <summary>A transcript that a test has written, as a file for as long as the test runs.</summary>
internal sealed class TemporaryTranscript : IDisposable
{
    public TemporaryTranscript(string text) => System.IO.File.WriteAllText(File, text);

    public string File { get; } = Path.Combine(Path.GetTempPath(), $"tinyvex-{Guid.NewGuid():N}.jsonl");

    public void Dispose() => System.IO.File.Delete(File);
}
