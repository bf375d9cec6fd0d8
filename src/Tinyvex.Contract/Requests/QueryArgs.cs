namespace Tinyvex.Contract.Requests;

/// <summary>The arguments of a query.</summary>
public abstract record QueryArgs;

/// <summary>Needs none.</summary>
public sealed record NoArgs : QueryArgs;

/// <summary>Which threads.</summary>
public sealed record ThreadsListArgs : QueryArgs
{
    /// <summary>Those that are not archived where it is absent.</summary>
    [OneOf(typeof(bool), "all")]
    public JsonElement? Archived { get; init; }

    /// <summary>Rows of a page, from 1 to 1,000; 50 where it is absent.</summary>
    public int? Limit { get; init; }

    /// <summary>The <c>nextPage</c> of the answer before.</summary>
    public string? Page { get; init; }
}

/// <summary>Which thread.</summary>
public sealed record ThreadArgs : QueryArgs
{
    public required string ThreadId { get; init; }
}

/// <summary>Which part of a thread.</summary>
public sealed record ThreadPageArgs : QueryArgs
{
    public required string ThreadId { get; init; }

    /// <summary>Rows of a page, from 1 to 1,000; 50 where it is absent.</summary>
    public int? Limit { get; init; }

    /// <summary>The <c>nextPage</c> of the answer before.</summary>
    public string? Page { get; init; }
}

/// <summary>Which part of a thread's timeline.</summary>
public sealed record TimelineListArgs : QueryArgs
{
    public required string ThreadId { get; init; }

    /// <summary>Rows of a page, from 1 to 1,000; 50 where it is absent.</summary>
    public int? Limit { get; init; }

    /// <summary>The <c>nextPage</c> of the answer before.</summary>
    public string? Page { get; init; }

    /// <summary>Whether fields over 256 KiB are given whole.</summary>
    public bool? Whole { get; init; }
}

/// <summary>Which message.</summary>
public sealed record ItemArgs : QueryArgs
{
    public required string ThreadId { get; init; }

    public required string ItemId { get; init; }
}

/// <summary>Which tool call.</summary>
public sealed record ToolCallArgs : QueryArgs
{
    public required string ThreadId { get; init; }

    public required string ToolCallId { get; init; }
}

/// <summary>Which terminal.</summary>
public sealed record TerminalArgs : QueryArgs
{
    public required string ThreadId { get; init; }

    public required string TerminalId { get; init; }
}

/// <summary>Which updates of a thread.</summary>
public sealed record EventsListArgs : QueryArgs
{
    public required string ThreadId { get; init; }

    /// <summary>A cursor to begin after.</summary>
    public string? Since { get; init; }

    /// <summary>Rows of a page, from 1 to 1,000; 50 where it is absent.</summary>
    public int? Limit { get; init; }

    /// <summary>The <c>nextPage</c> of the answer before.</summary>
    public string? Page { get; init; }
}

/// <summary>Which runs.</summary>
public sealed record RunsListArgs : QueryArgs
{
    /// <summary>All threads where it is absent.</summary>
    public string? ThreadId { get; init; }

    /// <summary>Rows of a page, from 1 to 1,000; 50 where it is absent.</summary>
    public int? Limit { get; init; }

    /// <summary>The <c>nextPage</c> of the answer before.</summary>
    public string? Page { get; init; }
}

/// <summary>Which permission requests.</summary>
public sealed record PermissionsListArgs : QueryArgs
{
    /// <summary>All threads where it is absent.</summary>
    public string? ThreadId { get; init; }

    /// <summary>Any where it is absent.</summary>
    public PermissionStatus? Status { get; init; }

    /// <summary>Rows of a page, from 1 to 1,000; 50 where it is absent.</summary>
    public int? Limit { get; init; }

    /// <summary>The <c>nextPage</c> of the answer before.</summary>
    public string? Page { get; init; }

    /// <summary>Whether fields over 256 KiB are given whole.</summary>
    public bool? Whole { get; init; }
}

/// <summary>Which questions of agents.</summary>
public sealed record ElicitationsListArgs : QueryArgs
{
    /// <summary>All threads where it is absent.</summary>
    public string? ThreadId { get; init; }

    /// <summary>Any where it is absent.</summary>
    public ElicitationStatus? Status { get; init; }

    /// <summary>Rows of a page, from 1 to 1,000; 50 where it is absent.</summary>
    public int? Limit { get; init; }

    /// <summary>The <c>nextPage</c> of the answer before.</summary>
    public string? Page { get; init; }
}

/// <summary>What to look for, and where.</summary>
public sealed record SearchArgs : QueryArgs
{
    /// <summary>Words, of which all must be there; between quotation marks, as they stand. At most 1 KiB.</summary>
    public required string Text { get; init; }

    /// <summary>All threads where it is absent.</summary>
    public string? ThreadId { get; init; }

    /// <summary>Rows of a page, from 1 to 1,000; 50 where it is absent.</summary>
    public int? Limit { get; init; }

    /// <summary>The <c>nextPage</c> of the answer before.</summary>
    public string? Page { get; init; }
}

/// <summary>Which sessions of an agent.</summary>
public sealed record SessionsListArgs : QueryArgs
{
    /// <summary>The default one where it is absent.</summary>
    public string? Agent { get; init; }

    /// <summary>Only those of this directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The <c>nextPage</c> of the answer before.</summary>
    public string? Page { get; init; }
}
