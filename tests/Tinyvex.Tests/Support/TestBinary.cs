namespace Tinyvex.Tests.Support;

/// <summary>The program under test: the published file where one is named, else the one built beside the tests.</summary>
internal static class TestBinary
{
    private static readonly string? Named = Environment.GetEnvironmentVariable("TINYVEX_TEST_BINARY");

    public static bool IsBuiltBesideTests => string.IsNullOrEmpty(Named);

    public static string Path { get; } = !string.IsNullOrEmpty(Named)
        ? Named
        : System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tinyvex.exe" : "tinyvex");
}
