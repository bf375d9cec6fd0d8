namespace Tinyvex.Tests.Support;

/// <summary>The program under test: the published file where one is named, else the one built beside the tests.</summary>
internal static class TestBinary
{
    public static string Path { get; } = Environment.GetEnvironmentVariable("TINYVEX_TEST_BINARY") is { Length: > 0 } named
        ? named
        : System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tinyvex.exe" : "tinyvex");
}
