using System.Text.Json;
using Tinyvex.Acp;

namespace Tinyvex.CodexExec;

/// <summary>A prompt as codex takes it: text on its stdin, and images as files, which are gone with the prompt.</summary>
internal sealed class CodexPrompt : IDisposable
{
    private static readonly Dictionary<string, string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["image/png"] = ".png",
        ["image/jpeg"] = ".jpg",
        ["image/gif"] = ".gif",
        ["image/webp"] = ".webp",
    };

    private readonly List<string> _images = [];
    private string? _folder;

    public string Text { get; private set; } = "";

    public IReadOnlyList<string> Images => _images;

    /// <exception cref="CodexExecException">A block is none that codex takes.</exception>
    public static CodexPrompt Read(JsonElement parameters)
    {
        var prompt = new CodexPrompt();
        try
        {
            prompt.Text = string.Join("\n\n", parameters.Items("prompt").Select(prompt.ReadBlock).Where(text => text.Length > 0));
            return prompt;
        }
        catch
        {
            prompt.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
        _folder = null;
    }

    private string ReadBlock(JsonElement block)
    {
        switch (block.Text("type"))
        {
            case "text":
                return block.Text("text") ?? "";
            case "resource_link":
                return $"[{block.Text("name")}]({block.Text("uri")})";
            case "resource" when block.Field("resource") is { } resource && resource.Text("text") is { } text:
                return $"<resource uri=\"{resource.Text("uri")}\">\n{text}\n</resource>";
            case "image" when Extensions.TryGetValue(block.Text("mimeType") ?? "", out var extension):
                Add(block.Text("data") ?? "", extension);
                return "";
            case var type:
                throw new CodexExecException(
                    CodexExecException.InvalidParams,
                    $"codex exec takes text, resources of text, and images of {string.Join(", ", Extensions.Keys)}; this is {type}");
        }
    }

    private void Add(string base64, string extension)
    {
        try
        {
            // For this user alone: the prompt may show what nobody else should see.
            _folder ??= Directory.CreateTempSubdirectory("tinyvex-codex-").FullName;
            var path = Path.Combine(_folder, $"image{_images.Count + 1}{extension}");
            File.WriteAllBytes(path, Convert.FromBase64String(base64));
            _images.Add(path);
        }
        catch (FormatException)
        {
            throw new CodexExecException(CodexExecException.InvalidParams, "the image's data is no base64");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CodexExecException(CodexExecException.InternalError, $"the image cannot be handed over: {exception.Message}");
        }
    }
}
