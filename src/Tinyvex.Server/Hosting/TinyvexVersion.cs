using System.Reflection;

namespace Tinyvex.Hosting;

/// <summary>Versions of what is running.</summary>
internal static class TinyvexVersion
{
    public static string Text { get; } =
        typeof(TinyvexVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static string Sqlite
    {
        get
        {
            SQLitePCL.Batteries_V2.Init();
            return SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
        }
    }
}
