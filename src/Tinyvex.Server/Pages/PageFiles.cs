using System.Reflection;

namespace Tinyvex.Pages;

/// <summary>The files of the console by their paths; none where the program was built without it. No other path leads anywhere.</summary>
internal sealed class PageFiles
{
    /// <summary>What the build puts before the names of the console's files.</summary>
    private const string Prefix = "console/";

    private const string Compressed = ".gz";

    private readonly Dictionary<string, PageFile> _files = new(StringComparer.Ordinal);

    public PageFiles(Assembly assembly)
    {
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            var isCompressed = resource.EndsWith(Compressed, StringComparison.Ordinal);
            var path = resource[(Prefix.Length - 1)..^(isCompressed ? Compressed.Length : 0)];
            _files[path] = new PageFile(assembly, path, resource, isCompressed);
        }

        if (_files.TryGetValue("/index.html", out var index)) _files["/"] = index;
    }

    public PageFile? Find(string path) => _files.GetValueOrDefault(path);
}
