using Tinyvex.Policies;
using Tinyvex.Rows;

namespace Tinyvex.Writing;

/// <summary>
/// What the policies of threads allow without asking. It is decided here, in the transaction that stores the request or changes the policy, so
/// that no request falls between the two, and whoever sees a request answered sees by what.
/// </summary>
internal sealed partial class Writer
{
    private const string ByServer = "server";

    /// <summary>An agent of this server by its name. Agents come and go while it runs, so they are asked for, not kept.</summary>
    public Func<string, AgentDefinition?> FindAgent { private get; set; } = _ => null;

    private static void SetPolicy(ThreadState state, PolicySetting? setting)
    {
        if (setting is { } set) (state.Row.Policy, state.Row.PolicySetBy) = (PolicyNames.NameOf(set.Policy), set.SetBy);
    }

    /// <summary>A new thread's policy, where the server or its agent has another one than to ask.</summary>
    private void SetDefaultPolicy(ThreadRow row)
    {
        var agent = row.Source is { } source ? FindAgent(source) : null;
        if ((agent?.Policy ?? _options.DefaultPolicy) is var policy and not Policy.Ask) (row.Policy, row.PolicySetBy) = (PolicyNames.NameOf(policy), ByServer);
    }

    /// <summary>Answers those of the pending requests that the thread's policy allows, as it is now.</summary>
    private List<(string RequestId, ReadOnlyMemory<byte> Outcome)> AnswerByPolicy(ThreadState state, List<PermissionRow> pending)
    {
        var answered = new List<(string RequestId, ReadOnlyMemory<byte> Outcome)>();
        if (PolicyNames.Find(state.Row.Policy) is not ({ } policy and not Policy.Ask)) return answered;
        Roots? roots = null;
        foreach (var permission in pending)
        {
            if (!PolicyDecision.Allows(policy, CallOf(permission), () => roots ??= RootsOf(state.Row))) continue;
            if (AllowingOption.Of(permission.Options) is not { } option) continue;
            var outcome = SelectedOutcome(option);
            Save(permission with
            {
                Status = PermissionRow.Answered,
                Outcome = outcome,
                AnsweredBy = "policy:" + PolicyNames.NameOf(policy),
                AnsweredAt = _now,
            });
            answered.Add((permission.RequestId, outcome));
        }

        return answered;
    }

    /// <summary>The tool call as all updates have made it, of which the request may repeat nothing but the id.</summary>
    private AskedToolCall? CallOf(PermissionRow permission)
    {
        if (ToolCallIdOf(permission.ToolCall) is not { } id) return null;
        if (_store.Get(ToolCallRow.Get).Bind(1, permission.ThreadId).Bind(2, id).One(ToolCallRow.Read) is not { } call) return null;
        return new AskedToolCall { Kind = call.Kind, Locations = call.Locations, Content = call.Content, RawInput = call.RawInput };
    }

    /// <summary>Null where the request broke the protocol, and so is not in the tool call's row.</summary>
    private static string? ToolCallIdOf(ReadOnlyMemory<byte> json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json, JsonText.DocumentOptions);
        try
        {
            return Acp.ToolCallPatch.Parse(json, document.RootElement, "toolCall").ToolCallId;
        }
        catch (TinyvexException)
        {
            return null;
        }
    }

    /// <summary>An agent of our own works in the server's directory where the thread has none; where one of a client works nobody knows.</summary>
    private Roots RootsOf(ThreadRow row)
    {
        var isOurs = row.Source is { } source && FindAgent(source) is not null;
        return new Roots(row.WorkingDirectory ?? (isOurs ? _options.DefaultWorkingDirectory : null), row.AdditionalDirectories);
    }
}
