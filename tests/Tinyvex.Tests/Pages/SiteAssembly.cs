using System.IO.Compression;
using System.Reflection;
using System.Text;

namespace Tinyvex.Tests.Pages;

/// <summary>A program with files of a test in it.</summary>
internal sealed class SiteAssembly(params (string Name, byte[] Content)[] resources) : Assembly
{
    public static byte[] Gzip(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return compressed.ToArray();
    }

    public override string[] GetManifestResourceNames() => [.. resources.Select(resource => resource.Name)];

    public override Stream? GetManifestResourceStream(string name) => new MemoryStream(resources.Single(resource => resource.Name == name).Content, writable: false);
}
