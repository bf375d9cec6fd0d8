using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Admission;
using Tinyvex.Connections;
using Tinyvex.Contract.TypeScript;
using Tinyvex.Contract.TypeScript.Shapes;
using Tinyvex.Fanout;
using Tinyvex.Protocol;
using Tinyvex.Requests;
using Tinyvex.Rows;
using Tinyvex.Tests.Architecture;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Protocol;

/// <summary>The contract has what the server and docs/protocol.md have, and the client's types are made of it.</summary>
public class ContractTests
{
    private const string Document = "docs/protocol.md";

    private static readonly ContractShapes Shapes = Held.Shapes;

    [Test]
    public async Task The_types_of_the_client_are_those_of_the_contract() =>
        await Assert.That(Repository.Read(ProtocolFile.Path)).IsEqualTo(ProtocolFile.Generate()).Because("./build.sh protocol writes them anew");

    [Test]
    public async Task It_has_the_controls() => await Same(Names(Shapes.Controls), Constants(typeof(Controls)));

    [Test]
    public async Task It_has_the_queries() => await Same(Names(Shapes.Queries), ProtocolDocumentTests.Queries());

    [Test]
    public async Task It_has_the_streams()
    {
        await Same(Names(Shapes.Streams), Constants(typeof(StreamName)));
        await Same(ValuesOf("resumed", "stream"), Constants(typeof(StreamName)));
    }

    [Test]
    public async Task It_has_the_error_codes() => await Same(ValuesOf("error", "code"), Enum.GetValues<ErrorCode>().Select(code => code.Wire()));

    [Test]
    public async Task It_has_the_states_of_runs_and_permissions()
    {
        await Same(ValuesOfRow("runs.list", "status"), Constants(typeof(RunStatus)));
        await Same(ValuesOfRow("permissions.list", "status"), [PermissionRow.Pending, PermissionRow.Answered, PermissionRow.Cancelled]);
        await Same(
            ValuesOfRow("elicitations.list", "status"), [ElicitationRow.Pending, ElicitationRow.Answered, ElicitationRow.Cancelled, ElicitationRow.Completed]);
        await Same(ValuesOfRow("threads.list", "policy"), PolicyNames.All.Select(one => one.Name));
    }

    [Test]
    public async Task It_has_the_numbers_of_the_handshake()
    {
        await Same(
            [$"{Tinyvex.Contract.Wire.ProtocolVersion}", Tinyvex.Contract.Wire.SyncSubprotocol, Tinyvex.Contract.Wire.BroadcastSubprotocol],
            [$"{ServerFacts.Protocol}", Subprotocols.Sync, Subprotocols.Broadcast]);
        await Same(Numbers(typeof(Tinyvex.Contract.CloseCodes)), Numbers(typeof(CloseCodes)));
    }

    [Test]
    public async Task Its_rows_are_those_of_the_document()
    {
        var rows = Repository.Table(Document, "### Rows").ToDictionary(row => row[0], row => Repository.Quoted(row[1]).Order());
        var queries = new Dictionary<string, string>
        {
            ["thread"] = "threads.list",
            ["message"] = "messages.list",
            ["tool call"] = "tool_calls.list",
            ["plan"] = "plan.get",
            ["state"] = "state.get",
            ["run"] = "runs.list",
            ["permission"] = "permissions.list",
            ["elicitation"] = "elicitations.list",
            ["terminal"] = "terminals.list",
            ["event"] = "events.list",
            ["event of the log"] = "log.list",
            ["found message"] = "search",
            ["agent"] = "agents.list",
            ["session"] = "sessions.list",
            ["server"] = "server.info",
        };
        await Same(rows.Keys, queries.Keys);

        await Repository.NoneOf(
            from row in rows
            let members = Row(queries[row.Key]).Members.Select(member => member.Name).Where(name => name != "truncated").Order()
            where !members.SequenceEqual(row.Value)
            select $"{row.Key}: {string.Join(' ', members)}, and in the document {string.Join(' ', row.Value)}");
    }

    [Test]
    public async Task Every_sample_of_the_document_fits()
    {
        await Repository.NoneOf(
            from sample in ProtocolDocumentTests.Samples()
            let fault = FaultOf(JsonElement.Parse(sample))
            where fault is not null
            select $"${fault}: {sample}");
    }

    [Test]
    public async Task No_sample_fits_with_a_member_too_many_or_a_needed_one_too_few()
    {
        var tried = 0;
        await Repository.NoneOf(ProtocolDocumentTests.Samples().SelectMany(sample => Spoilt(sample)).Where(spoilt =>
        {
            tried++;
            return FaultOf(JsonElement.Parse(spoilt)) is null;
        }));
        await Assert.That(tried).IsGreaterThan(200);
    }

    [Test]
    [Arguments("""{"type":"tinyvex.ack","cursor":null}""", ".cursor is null")]
    [Arguments("""{"type":"tinyvex.ack","cursor":1}""", ".cursor is Number, not Text")]
    [Arguments("""{"type":"tinyvex.ack","id":true}""", ".id is True, not Text, and  is True, not Number")]
    [Arguments("""{"type":"tinyvex.ack","cursor":"a","cursor":"b"}""", ".cursor is there twice")]
    [Arguments("""{"type":"tinyvex.nack"}""", " is no case of ServerFrame")]
    [Arguments("""{"type":"tinyvex.error","code":"tired","message":""}""", ".code is \"tired\", which is no ErrorCode")]
    [Arguments("""{"type":"tinyvex.query_result","name":"plan.get","rows":[{"threadId":"t"}]}""", ".rows[0].entries is missing in PlanRow")]
    [Arguments("""{"type":"tinyvex.query_result","name":"plan.put","rows":[]}""", ".name is \"plan.put\", which Queries does not have")]
    [Arguments("""{"control":"run.submit","id":1}""", " has 0 of text, prompt")]
    [Arguments("""{"control":"run.submit","id":1,"text":"a","prompt":[]}""", " has 2 of text, prompt")]
    [Arguments("""{"control":"tvx.query","name":"plan.get","args":{}}""", ".args.threadId is missing in ThreadArgs")]
    public async Task A_fault_is_named_with_its_path(string json, string fault) => await Assert.That(FaultOf(JsonElement.Parse(json))).IsEqualTo(fault);

    /// <summary>A sample with one more member, and without each that is needed, in each of its objects but those of agents.</summary>
    private static IEnumerable<string> Spoilt(string sample)
    {
        var root = JsonNode.Parse(sample)!.AsObject();
        foreach (var path in (string[])["", "row", "thread", "rows.0", "messages.0", "toolCalls.0"])
        {
            if (Follow(root, path) is not { } there) continue;
            there["surplus"] = 1;
            yield return root.ToJsonString();
            there.Remove("surplus");
            foreach (var (name, value) in there.ToList())
            {
                // All that an import says beside its thread is optional; what there is of it is held by ImportTests.
                if (Needless.Contains(name) || (root["control"]?.GetValue<string>() == "tvx.import" && name != "control")) continue;
                there.Remove(name);
                yield return root.ToJsonString();
                there[name] = value;
            }
        }
    }

    /// <summary>Members that some frame or row may lack.</summary>
    private static readonly string[] Needless =
    [
        "id", "cursor", "reset", "nextPage", "args", "limit", "page", "since", "key", "provider", "agent", "workingDirectory", "threadId", "content", "data",
        "token", "url", "ws", "pid", "rawInput", "rawOutput", "prompt", "deleted", "output", "outputStart", "outputLen", "from", "runId", "line", "modes", "created",
    ];

    private static JsonObject? Follow(JsonNode? node, string path)
    {
        foreach (var step in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node switch
            {
                JsonObject one => one[step],
                JsonArray { Count: > 0 } list when step == "0" => list[0],
                _ => null,
            };
        }

        return node as JsonObject;
    }

    private static string? FaultOf(JsonElement sample)
    {
        var check = new ShapeCheck(trustsAgents: true);
        if (sample.TryGetProperty("control", out var control))
        {
            return Shapes.Controls.Find(control.GetString()!) is { } entry
                ? check.FaultOf(sample, (ObjectShape)((ObjectShape)entry.Shape).Find("request")!.Shape, "control", "id")
                : " is no request";
        }

        var line = Shapes.Lines.FirstOrDefault(line => line.Find("type")?.Shape is LiteralShape { Value: string type } && sample.TryGetProperty("type", out var found) && found.ValueEquals(type));
        return check.FaultOf(sample, line is null ? Shapes.Frame : line);
    }

    private static async Task Same(IEnumerable<string> ours, IEnumerable<string> theirs) =>
        await Assert.That(string.Join(' ', ours.Order(StringComparer.Ordinal))).IsEqualTo(string.Join(' ', theirs.Order(StringComparer.Ordinal)));

    private static IEnumerable<string> Names(ObjectShape index) => index.Members.Select(member => member.Name);

    private static IReadOnlyList<string> ValuesOf(string frame, string member) =>
        ((ValuesShape)Shapes.Frame.Cases.OfType<ObjectShape>().Single(one => one.Find("type")!.Shape is LiteralShape { Value: string type } && type == $"tinyvex.{frame}").Find(member)!.Shape).Values;

    private static ObjectShape Row(string query) => (ObjectShape)((ObjectShape)Shapes.Queries.Find(query)!.Shape).Find("row")!.Shape;

    private static IReadOnlyList<string> ValuesOfRow(string query, string member) => ((ValuesShape)Row(query).Find(member)!.Shape).Values;

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    private static IEnumerable<string> Numbers(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral).Select(field => $"{field.Name}={Convert.ToInt32(field.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture)}");
}
