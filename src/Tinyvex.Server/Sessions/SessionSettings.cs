using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Rows;

namespace Tinyvex.Sessions;

/// <summary>What a session is opened with, each time anew: ACP has no way to change it later.</summary>
/// <param name="McpServers">Those of the agent and those of the thread, an array.</param>
/// <param name="AdditionalDirectories">An array of paths, or null.</param>
internal sealed record SessionSettings(string Directory, ReadOnlyMemory<byte> McpServers, ReadOnlyMemory<byte>? AdditionalDirectories)
{
    public static SessionSettings Of(AgentDefinition agent, ThreadRow thread, TinyvexOptions options) => new(
        thread.WorkingDirectory ?? options.DefaultWorkingDirectory,
        McpServerList.Join(agent.McpServers ?? McpServerList.None, thread.McpServers ?? McpServerList.None),
        thread.AdditionalDirectories);

    /// <summary>Where the agent may read, write and run: the first is where it works.</summary>
    public IReadOnlyList<string> Directories
    {
        get
        {
            if (AdditionalDirectories is not { } additional) return [Directory];
            using var document = JsonDocument.Parse(additional, JsonText.DocumentOptions);
            return [Directory, .. document.RootElement.EnumerateArray().Select(JsonText.Text)];
        }
    }

    public bool IsSameAs(SessionSettings other) => Directory == other.Directory
        && McpServers.Span.SequenceEqual(other.McpServers.Span)
        && (AdditionalDirectories ?? default).Span.SequenceEqual((other.AdditionalDirectories ?? default).Span);
}
