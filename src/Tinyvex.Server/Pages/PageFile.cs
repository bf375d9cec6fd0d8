using System.Buffers.Text;
using System.Reflection;

namespace Tinyvex.Pages;

/// <summary>A file of the console, as the build embedded it.</summary>
/// <param name="Path">Where it is served, from the root.</param>
/// <param name="Resource">Its name within the assembly.</param>
/// <param name="IsCompressed">Whether it is embedded as gzip.</param>
internal sealed record PageFile(Assembly Assembly, string Path, string Resource, bool IsCompressed)
{
    private string? _etag;

    /// <summary>Whether another content would have another name: the build puts a hash into the names of what is below this folder.</summary>
    public bool NeverChanges => Path.StartsWith("/assets/", StringComparison.Ordinal);

    /// <summary>Weak, as it is the same for both encodings.</summary>
    public string ETag => _etag ??= MakeETag();

    public string ContentType => System.IO.Path.GetExtension(Path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" => "application/json",
        ".webmanifest" => "application/manifest+json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    /// <summary>Its bytes as they are embedded, which lie in the program itself and are not copied.</summary>
    public Stream Open() => Assembly.GetManifestResourceStream(Resource)!;

    private string MakeETag()
    {
        using var stream = Open();
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return $"W/\"{Base64Url.EncodeToString(Sha1.Hash(bytes))}\"";
    }
}
