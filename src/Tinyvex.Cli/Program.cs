namespace Tinyvex.Cli;

/// <summary>The door of the one file: a verb, then its arguments.</summary>
internal static class Program
{
    private static int Main(string[] args) => args switch
    {
        ["guard", .. var rest] => Guarding.Guard.Run(rest),
        ["replay", .. var rest] => Replaying.ReplayCommand.Run(rest),
        _ => PrintVersion(),
    };

    private static int PrintVersion()
    {
        SQLitePCL.Batteries_V2.Init();
        Console.WriteLine(SQLitePCL.raw.sqlite3_libversion().utf8_to_string());
        return 0;
    }
}
