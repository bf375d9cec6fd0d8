namespace Tinyvex.Cli.Transfers;

/// <summary>What an export is written as.</summary>
internal enum ExportFormat
{
    /// <summary>A document to read.</summary>
    Markdown,

    /// <summary>One JSON object with all rows.</summary>
    Json,

    /// <summary>A recording of ACP.</summary>
    Acp,
}
