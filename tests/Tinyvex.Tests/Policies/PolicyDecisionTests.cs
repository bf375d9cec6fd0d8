using System.Text;
using System.Text.Json.Nodes;
using Tinyvex.Policies;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Policies;

/// <summary>What each policy allows of what a tool call says of itself.</summary>
public class PolicyDecisionTests
{
    private const string Reads = "allow-reads";
    private const string Edits = "allow-edits-in-roots";

    [Test]
    [Arguments("ask", "read", false)]
    [Arguments("ask", "think", false)]
    [Arguments(Reads, "read", true)]
    [Arguments(Reads, "search", true)]
    [Arguments(Reads, "think", true)]
    [Arguments(Reads, "edit", false)]
    [Arguments(Reads, "fetch", false)]
    [Arguments(Reads, "execute", false)]
    [Arguments(Reads, "switch_mode", false)]
    [Arguments(Reads, "other", false)]
    [Arguments(Reads, "Read", false)]
    [Arguments(Reads, null, false)]
    [Arguments(Edits, "read", true)]
    [Arguments(Edits, "edit", true)]
    [Arguments(Edits, "delete", false)]
    [Arguments(Edits, "execute", false)]
    [Arguments(Edits, "fetch", false)]
    [Arguments(Edits, "other", false)]
    [Arguments("allow-all", "execute", true)]
    [Arguments("allow-all", null, true)]
    public async Task The_kind_decides_for_a_path_within(string policy, string? kind, bool allowed)
    {
        using var folder = new TempFolder();
        await Assert.That(Allows(folder, policy, kind, locations: [folder["a.txt"]])).IsEqualTo(allowed);
    }

    [Test]
    [Arguments("read", Reads)]
    [Arguments("search", Reads)]
    [Arguments("edit", Edits)]
    [Arguments("move", Edits)]
    public async Task Without_a_path_it_is_asked(string kind, string policy)
    {
        using var folder = new TempFolder();
        await Assert.That(Allows(folder, policy, kind, locations: [])).IsFalse();
        await Assert.That(Allows(folder, policy, kind)).IsFalse();
    }

    [Test]
    public async Task Every_path_has_to_lie_within()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["root"]);
        Directory.CreateDirectory(folder["more"]);
        Directory.CreateSymbolicLink(folder["root/link"], folder.Path);
        var roots = new Roots(folder["root"], Json(new JsonArray(folder["more"])));

        await Assert.That(Allows(roots, Reads, "read", [folder["root/a"], folder["more/b"]])).IsTrue();
        await Assert.That(Allows(roots, Reads, "read", [folder["root"]])).IsTrue();
        await Assert.That(Allows(roots, Reads, "read", ["a", "./b/c"])).IsTrue();
        await Assert.That(Allows(roots, Reads, "read", [folder["root/a"], folder["b"]])).IsFalse();
        await Assert.That(Allows(roots, Reads, "read", [folder["root2/a"]])).IsFalse();
        await Assert.That(Allows(roots, Reads, "read", ["../a"])).IsFalse();
        await Assert.That(Allows(roots, Reads, "read", [folder["root/link/a"]])).IsFalse();
        await Assert.That(Allows(roots, Reads, "read", [folder["root/../a"]])).IsFalse();
        await Assert.That(Allows(roots, Reads, "read", ["~/a"])).IsFalse();
        await Assert.That(Allows(roots, Reads, "read", ["file:///etc/passwd"])).IsFalse();
        await Assert.That(Allows(roots, Reads, "read", [""])).IsFalse();
        await Assert.That(Allows(new Roots(null, null), Reads, "read", ["a"])).IsFalse();
    }

    [Test]
    public async Task A_diff_counts_as_much_as_a_location()
    {
        using var folder = new TempFolder();
        await Assert.That(Allows(folder, Edits, "edit", content: Diff(folder["a.txt"]))).IsTrue();
        await Assert.That(Allows(folder, Edits, "edit", [folder["a.txt"]], Diff("/etc/hosts"))).IsFalse();
        await Assert.That(Allows(folder, Edits, "edit", [folder["a.txt"]], """[{"type":"diff","newText":""}]""")).IsFalse();
        await Assert.That(Allows(folder, Edits, "edit", [folder["a.txt"]], """[{"type":"terminal","terminalId":"t"}]""")).IsFalse();
    }

    [Test]
    [Arguments("""{"file_path":"/etc/hosts"}""", false)]
    [Arguments("""{"options":{"paths":["a.txt","/etc/hosts"]}}""", false)]
    [Arguments("""{"file_path":"a.txt","from":1,"content":"/etc/hosts"}""", true)]
    [Arguments("""{"command":"cat a.txt"}""", false)]
    [Arguments("""{"steps":[{"cmd":["cat","a.txt"]}]}""", false)]
    [Arguments("""{"command":null}""", true)]
    [Arguments("""{"changes":{"a.txt":{"type":"update","move_path":null}}}""", true)]
    [Arguments("""{"changes":{"a.txt":{"type":"update","move_path":"../b.txt"}}}""", false)]
    [Arguments("""{"changes":{"/etc/hosts":{"type":"update"}}}""", false)]
    [Arguments("""{"pattern":"*.cs","include":["src/**"]}""", true)]
    [Arguments("""{"pattern":"/etc/*"}""", false)]
    [Arguments("""{"include":["../**"]}""", false)]
    [Arguments("""{"url":"https://example.org"}""", false)]
    [Arguments("""{"\ud800":1}""", false)]
    [Arguments("\"/etc/hosts\"", true)]
    public async Task Parameters_can_only_take_away(string rawInput, bool allowed)
    {
        using var folder = new TempFolder();
        await Assert.That(Allows(folder, Edits, "edit", [folder["a.txt"]], rawInput: rawInput)).IsEqualTo(allowed);
    }

    [Test]
    public async Task A_move_has_two_ends_and_both_lie_within()
    {
        using var folder = new TempFolder();
        await Assert.That(Allows(folder, Edits, "move", [folder["a"], folder["b"]])).IsTrue();
        await Assert.That(Allows(folder, Edits, "move", [folder["a"]])).IsFalse();
        await Assert.That(Allows(folder, Edits, "move", [folder["a"], folder["./a"]])).IsFalse();
        await Assert.That(Allows(folder, Edits, "move", [folder["a"], "/tmp/b-elsewhere"])).IsFalse();
    }

    [Test]
    public async Task What_git_runs_is_read_and_not_written()
    {
        using var folder = new TempFolder();
        await Assert.That(Allows(folder, Edits, "read", [folder[".git/config"]])).IsTrue();
        await Assert.That(Allows(folder, Edits, "edit", [folder[".git/hooks/pre-commit"]])).IsFalse();
        await Assert.That(Allows(folder, Edits, "edit", [folder["sub/.GIT/config"]])).IsFalse();
        await Assert.That(Allows(folder, Edits, "edit", [folder[".gitignore"]])).IsTrue();
    }

    [Test]
    public async Task A_call_of_which_nothing_is_known_is_asked_unless_all_is_allowed()
    {
        await Assert.That(PolicyDecision.Allows(Policy.AllowEditsInRoots, null, () => new Roots("/", null))).IsFalse();
        await Assert.That(PolicyDecision.Allows(Policy.AllowAll, null, () => throw new InvalidOperationException())).IsTrue();
    }

    [Test]
    [Arguments("""[{"optionId":"a","kind":"allow_always"},{"optionId":"b","kind":"reject_once"},{"optionId":"c","kind":"allow_once"}]""", "c")]
    [Arguments("""[{"optionId":"b","kind":"reject_once"},{"optionId":"a","kind":"allow_always"}]""", "a")]
    [Arguments("""[{"optionId":"b","kind":"reject_once"},{"optionId":"d","kind":"allow_some"},7,{"kind":"allow_once"}]""", null)]
    public async Task Once_is_chosen_before_for_ever_and_nothing_else(string options, string? chosen) =>
        await Assert.That(AllowingOption.Of(Encoding.UTF8.GetBytes(options))).IsEqualTo(chosen);

    private static bool Allows(
        TempFolder folder, string policy, string? kind, string[]? locations = null, string? content = null, string? rawInput = null) =>
        Allows(new Roots(folder.Path, null), policy, kind, locations, content, rawInput);

    private static bool Allows(Roots roots, string policy, string? kind, string[]? locations = null, string? content = null, string? rawInput = null)
    {
        var call = new AskedToolCall
        {
            Kind = kind,
            Locations = locations is null ? null : (ReadOnlyMemory<byte>?)Json(new JsonArray([.. locations.Select(path => new JsonObject { ["path"] = path })])),
            Content = content is null ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(content),
            RawInput = rawInput is null ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(rawInput),
        };
        return PolicyDecision.Allows(PolicyNames.Find(policy)!.Value, call, () => roots);
    }

    private static string Diff(string path) => new JsonArray(new JsonObject { ["type"] = "diff", ["path"] = path, ["newText"] = "x" }).ToJsonString();

    private static byte[] Json(JsonArray value) => Encoding.UTF8.GetBytes(value.ToJsonString());
}
